"""What is behind `index.parse`: one module a kind of file, and the bounded process they run in."""
