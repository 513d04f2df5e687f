"""Do quantities of the start, or of the first steps of training, tell which outcome learners select?"""
