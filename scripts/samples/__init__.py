"""Parts of scripts/make_samples: the SYNTHETIC Nanping belt of raster_samples/."""
