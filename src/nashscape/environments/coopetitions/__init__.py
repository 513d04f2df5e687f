"""The twenty environments of Coopetition-Gym: trust and damage over time, payoffs apart from rewards."""
