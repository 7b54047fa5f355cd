"""The answer for people: readable text and one self-contained page. The exact JSON is the model itself."""
