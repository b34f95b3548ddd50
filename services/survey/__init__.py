"""Many stations at once: their forms reduced to lines, judged together, summed up, listed and published."""
