"""EU designations as transcribed from the Official Journal."""
