"""Where the items of a study are worked on: here, in a pool of processes, on a cluster. The same rows everywhere."""
