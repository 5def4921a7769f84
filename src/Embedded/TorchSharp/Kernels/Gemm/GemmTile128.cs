namespace TorchSharp.Kernels;

/// <summary>4 x 16 in 128-bit vectors of any platform: 16 accumulators, for the 32 registers that Arm has.</summary>
internal readonly unsafe struct GemmTile128 : IGemmTile
{
    /// <inheritdoc/>
    public static int Rows => 4;

    /// <inheritdoc/>
    public static int Columns => 16;

    /// <inheritdoc/>
    public static int HeightFor(int rows) => rows switch
    {
        >= 4 => 4,
        >= 2 => 2,
        _ => 1,
    };

    /// <inheritdoc/>
    public static void Run(int height, nint depth, float* a, float* b, nint strideB, float* c, nint strideC, bool resume)
    {
        switch (height)
        {
            case 4:
                GemmLanes.Run4<Lanes128>(depth, a, b, strideB, c, strideC, resume);
                break;
            case 2:
                GemmLanes.Run2<Lanes128>(depth, a, b, strideB, c, strideC, resume);
                break;
            default:
                GemmLanes.Run1<Lanes128>(depth, a, b, strideB, c, resume);
                break;
        }
    }

    /// <inheritdoc/>
    public static void RunRows(in GemmProblem g, int j0, int j1) => GemmRow.Run<Lanes128>(g, Columns, j0, j1);
}
