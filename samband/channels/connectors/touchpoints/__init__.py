"""Files of what happened elsewhere: JSON Lines, CSV and Parquet, read with a mapping that the retailer writes."""
