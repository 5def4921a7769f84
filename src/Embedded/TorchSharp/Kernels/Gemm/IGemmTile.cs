namespace TorchSharp.Kernels;

/// <summary>The innermost kernel: a tile of C held in registers while k runs, one fused multiply-add chain per element.</summary>
internal unsafe interface IGemmTile
{
    /// <summary>The tallest tile.</summary>
    static abstract int Rows { get; }

    /// <summary>The width of every tile and of B's panels.</summary>
    static abstract int Columns { get; }

    /// <summary>The tallest tile for the remaining <paramref name="rows"/> (at least 1).</summary>
    static abstract int HeightFor(int rows);

    /// <summary>
    /// C (height x Columns) = (resume ? C : 0) + A B over <paramref name="depth"/> steps of k (at least 1).
    /// A is packed: <paramref name="height"/> floats a step. B has Columns floats a step, <paramref name="strideB"/> apart.
    /// </summary>
    static abstract void Run(int height, nint depth, float* a, float* b, nint strideB, float* c, nint strideC, bool resume);

    /// <summary>Columns [<paramref name="j0"/>, <paramref name="j1"/>) of a product of few rows, as <see cref="GemmRow.Run{T}"/>.</summary>
    static abstract void RunRows(in GemmProblem g, int j0, int j1);
}
