"""What holds for all tests."""

from hypothesis import settings

# Wall-clock deadlines of single examples fail on a busy machine and say nothing of the code.
settings.register_profile("olive", deadline=None)
settings.load_profile("olive")
