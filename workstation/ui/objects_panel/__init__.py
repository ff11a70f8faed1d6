"""What came with the images: regions, reports, key images."""
