"""The output panel: pictures, movies, paper and disks."""
