namespace DiffusionBatch.Diffusion.Models;

/// <summary>
/// The columns that a canvas is computed in: its tokens, padded to the next multiple of 8. A row's numbers depend, in their
/// last bits, on the shapes that it was computed in, so they follow from the canvas's own length alone: canvases of one shape
/// go together, and what stands beside one of them changes nothing (docs/performance.md, "The same bytes").
/// </summary>
/// <param name="Prompt">An encoder's columns; 0 where prompt and response are one sequence.</param>
/// <param name="Response">A decoder's columns, or those of the one sequence.</param>
public readonly record struct CanvasShape(int Prompt, int Response)
{
    const int Multiple = 8, RowMultiple = 16;

    /// <summary>Columns in all.</summary>
    public int Columns => Prompt + Response;

    /// <summary>A model that reads prompt and response as one sequence.</summary>
    /// <param name="tokens">Tokens of both.</param>
    public static CanvasShape Joint(int tokens) => new(0, Padded(tokens));

    /// <summary>An encoder-decoder.</summary>
    /// <param name="prompt">Tokens that the encoder reads.</param>
    /// <param name="response">Tokens that the decoder holds.</param>
    public static CanvasShape Split(int prompt, int response) => new(Padded(prompt), Padded(response));

    /// <summary>
    /// Rows of a product, padded to a multiple of a vector's 16 lanes: an operation on single numbers takes the same path for all
    /// of them, whatever their number.
    /// </summary>
    public static int PaddedRows(int rows) => (rows + RowMultiple - 1) / RowMultiple * RowMultiple;

    /// <summary>The next multiple of 8.</summary>
    public static int Padded(int tokens) => (tokens + Multiple - 1) / Multiple * Multiple;
}
