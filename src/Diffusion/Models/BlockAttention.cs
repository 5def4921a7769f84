namespace DiffusionBatch.Diffusion.Models;

/// <summary>
/// What tokens see in the passes of block diffusion (Arriola et al. 2025, arXiv 2503.09573, section 3.1): blocks of a fixed length from
/// the canvas's first token on, left to right between blocks and in all directions within one.
/// </summary>
public static class BlockAttention
{
    /// <summary>
    /// The pass over [x_t ; x_0], the noised canvases and behind each the clean one: a noised token sees its own noised block and the clean
    /// blocks before it; a clean one sees its own clean block and those before it. A padded position sees all clean tokens.
    /// </summary>
    /// <param name="lengths">Tokens of each canvas. // (B)</param>
    /// <param name="columns">N, of one half.</param>
    /// <param name="blockLength">Tokens of a block.</param>
    /// <returns>// (B * 2 N * 2 N), query by key</returns>
    public static bool[] TwoHalves(ReadOnlySpan<int> lengths, int columns, int blockLength)
    {
        int width = 2 * columns;
        bool[] mask = new bool[lengths.Length * width * width];
        for (int b = 0; b < lengths.Length; b++)
            for (int q = 0; q < width; q++)
            {
                var sees = mask.AsSpan((b * width + q) * width, width);
                int at = q % columns, start = at / blockLength * blockLength, end = Math.Min(start + blockLength, lengths[b]);
                if (at >= lengths[b]) sees.Slice(columns, lengths[b]).Fill(true);
                else if (q < columns)
                {
                    sees[start..end].Fill(true);
                    sees.Slice(columns, start).Fill(true);
                }
                else sees.Slice(columns, end).Fill(true);
            }
        return mask;
    }
}
