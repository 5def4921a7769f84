using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>
/// Few rows times a thread's piece of B's rows: runs too short for the hardware to read ahead of them, so 64 columns
/// stay in registers over all of k and the rows to come are asked for.
/// </summary>
internal static unsafe class GemmRowPieces
{
    private const int Long = 1024; // columns: a page of each row
    private const int Depth = 64; // rows of 64 columns: 16 KB, to be met again by the next row of A
    private const int Width = GemmRow.Columns / 4;
    private const nint Ahead = 8; // rows

    // Rows at multiples of 2 KB share so few sets of the first-level cache that those asked for drive each other out.
    private const nint Crowding = 512;

    /// <summary>Whether so many columns are a short piece of B's rows.</summary>
    internal static bool Suits(in GemmProblem g, int columns) => columns < Math.Min(Long, g.N);

    /// <summary>Computes columns from <paramref name="j0"/> on in groups of 64; answers the first that is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Run<T>(in GemmProblem g, int j0, int j1)
        where T : unmanaged, ILanes<T>
    {
        nint stepA = g.TransA ? g.LdA : 1;
        bool ahead = Sse.IsSupported && g.LdB % Crowding != 0;
        int j = j0;
        for (; j <= j1 - GemmRow.Columns; j += GemmRow.Columns)
        {
            for (int k = 0; k < g.K; k += Depth)
            {
                int depth = Math.Min(Depth, g.K - k);
                bool resume = k > 0 || g.Accumulate;
                for (int i = 0; i < g.M; i++)
                {
                    float* c = g.C + (i * g.LdC) + j;
                    if (ahead && i == 0)
                        Ask<T>(depth, g.AddressA(i, k), stepA, g.AddressB(k, j), g.LdB, c, resume);
                    else
                        GemmRow.Wide<T>(depth, g.AddressA(i, k), stepA, g.AddressB(k, j), Width, 2 * Width, g.LdB, c, resume);
                }
            }
        }

        return j;
    }

    // As GemmRow.Wide, and asks for what lies some rows further, be it beyond the matrix: that reads nothing.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Ask<T>(nint depth, float* a, nint stepA, float* b, nint ldb, float* c, bool resume)
        where T : unmanaged, ILanes<T>
    {
        T c0 = T.Zero, c1 = T.Zero, c2 = T.Zero, c3 = T.Zero;
        if (resume)
        {
            c0 = T.Load(c);
            c1 = T.Load(c + Width);
            c2 = T.Load(c + (2 * Width));
            c3 = T.Load(c + (3 * Width));
        }

        float* further = b + (Ahead * ldb);
        do
        {
            Sse.Prefetch0(further);
            Sse.Prefetch0(further + Width);
            Sse.Prefetch0(further + (2 * Width));
            Sse.Prefetch0(further + (3 * Width));
            var x = T.Splat(*a);
            c0 = T.Fma(x, T.Load(b), c0);
            c1 = T.Fma(x, T.Load(b + Width), c1);
            c2 = T.Fma(x, T.Load(b + (2 * Width)), c2);
            c3 = T.Fma(x, T.Load(b + (3 * Width)), c3);
            a += stepA;
            b += ldb;
            further += ldb;
        }
        while (--depth > 0);

        T.Store(c0, c);
        T.Store(c1, c + Width);
        T.Store(c2, c + (2 * Width));
        T.Store(c3, c + (3 * Width));
    }
}
