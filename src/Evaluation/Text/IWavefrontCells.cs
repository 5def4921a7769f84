using System.Runtime.Intrinsics;

namespace DiffusionBatch.Evaluation.Text;

/// <summary>
/// The cells of a table of two sequences that one step of a <see cref="Wavefront"/> computes: eight words of 64 rows, each one
/// column behind the word above it. Neighbours in a row differ by 0, 1 (up) or 2 (down by one).
/// </summary>
/// <typeparam name="TSelf">The cells.</typeparam>
internal interface IWavefrontCells<TSelf> where TSelf : struct, IWavefrontCells<TSelf>
{
    /// <summary>By how much neighbours differ along the table's upper and left edges, and beyond a band.</summary>
    static abstract byte Outside { get; }

    /// <summary>The cells at a strip's left edge.</summary>
    /// <param name="padding">The rows above the table, which must hand on what comes from above.</param>
    static abstract TSelf Begin(Vector512<ulong> padding);

    /// <summary>How each row differs from the one above it.</summary>
    Vector512<ulong> State { get; }

    /// <summary>Goes on by one column.</summary>
    /// <param name="equal">The rows whose symbols are the words' columns'.</param>
    /// <param name="above">For each word, how the row above it differs from its left neighbour.</param>
    /// <returns>The same for each word's last row.</returns>
    Vector512<ulong> Step(Vector512<ulong> equal, Vector512<ulong> above);

    /// <summary>Takes a step back for the words that have not begun.</summary>
    /// <param name="begun">The words that have.</param>
    /// <param name="before">The cells before the step.</param>
    void Keep(Vector512<ulong> begun, in TSelf before);
}
