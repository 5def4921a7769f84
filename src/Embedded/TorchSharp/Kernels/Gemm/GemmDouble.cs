using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <summary>
/// float64 matrix products for factors of any strides: blocks of both are packed, 4 x 8 tiles stay in registers. As in
/// <see cref="Gemm"/>, an element is one chain of fused multiply-adds over k ascending.
/// </summary>
internal static unsafe class GemmDouble
{
    private const int Rows = 4;
    private const int Columns = 8;
    private const int Depth = 256;
    private const int RowBlock = 64; // of A, 128 KB with Depth
    private const int ColumnBlock = 256; // of B, 512 KB with Depth
    private const long Worthwhile = 1 << 16;

    /// <summary>C (m x n) = [C +] A B. Strides are elements from row to row and from column to column; C's rows are <paramref name="ldc"/> apart.</summary>
    internal static void Run(int m, int n, int k, double* a, nint downA, nint acrossA, double* b, nint downB, nint acrossB, double* c, nint ldc, bool accumulate)
    {
        if (m <= 0 || n <= 0)
            return;
        var body = new Body
        {
            M = m,
            N = n,
            K = k,
            A = new Factor { Start = a, Down = downA, Across = acrossA },
            B = new Factor { Start = b, Down = acrossB, Across = downB },
            C = c,
            LdC = ldc,
            Accumulate = accumulate,
        };
        int units = m > n ? (m + Rows - 1) / Rows : (n + Columns - 1) / Columns;
        body.Pieces = (long)m * n * k < Worthwhile ? 1 : Math.Min(WorkPool.Threads, units);
        WorkPool.For(body.Pieces, ref body);
    }

    // Lines (rows of A, columns of B) in groups of width, step after step of k; beyond the last line 0.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack(in Factor factor, int line, int count, int k, int depth, int width, double* target)
    {
        for (int first = 0; first < count; first += width)
        {
            int lines = Math.Min(width, count - first);
            double* from = factor.Start + ((line + first) * factor.Down) + (k * factor.Across);
            for (int p = 0; p < depth; p++, from += factor.Across, target += width)
            {
                for (int i = 0; i < width; i++)
                    target[i] = i < lines ? from[i * factor.Down] : 0;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(nint depth, double* a, double* b, double* c, nint ldc, bool resume)
    {
        Vector256<double> c0 = default, c1 = default, c2 = default, c3 = default;
        Vector256<double> d0 = default, d1 = default, d2 = default, d3 = default;
        if (resume)
        {
            c0 = Vector256.Load(c); d0 = Vector256.Load(c + 4);
            c1 = Vector256.Load(c + ldc); d1 = Vector256.Load(c + ldc + 4);
            c2 = Vector256.Load(c + (2 * ldc)); d2 = Vector256.Load(c + (2 * ldc) + 4);
            c3 = Vector256.Load(c + (3 * ldc)); d3 = Vector256.Load(c + (3 * ldc) + 4);
        }

        for (; depth > 0; depth--, a += Rows, b += Columns)
        {
            Vector256<double> x = Vector256.Load(b), y = Vector256.Load(b + 4);
            var f = Vector256.Create(a[0]); c0 = Vector256.FusedMultiplyAdd(f, x, c0); d0 = Vector256.FusedMultiplyAdd(f, y, d0);
            f = Vector256.Create(a[1]); c1 = Vector256.FusedMultiplyAdd(f, x, c1); d1 = Vector256.FusedMultiplyAdd(f, y, d1);
            f = Vector256.Create(a[2]); c2 = Vector256.FusedMultiplyAdd(f, x, c2); d2 = Vector256.FusedMultiplyAdd(f, y, d2);
            f = Vector256.Create(a[3]); c3 = Vector256.FusedMultiplyAdd(f, x, c3); d3 = Vector256.FusedMultiplyAdd(f, y, d3);
        }

        c0.Store(c); d0.Store(c + 4);
        c1.Store(c + ldc); d1.Store(c + ldc + 4);
        c2.Store(c + (2 * ldc)); d2.Store(c + (2 * ldc) + 4);
        c3.Store(c + (3 * ldc)); d3.Store(c + (3 * ldc) + 4);
    }

    private static void Copy(double* source, nint from, double* target, nint to, int rows, int columns)
    {
        for (int i = 0; i < rows; i++)
            new ReadOnlySpan<double>(source + (i * from), columns).CopyTo(new Span<double>(target + (i * to), columns));
    }

    /// <summary>A matrix as lines along k.</summary>
    private struct Factor
    {
        internal double* Start;
        internal nint Down; // from line to line
        internal nint Across; // from step to step of k
    }

    private struct Body : IParallelBody
    {
        internal int M;
        internal int N;
        internal int K;
        internal Factor A;
        internal Factor B;
        internal double* C;
        internal nint LdC;
        internal bool Accumulate;
        internal int Pieces;

        public readonly void Run(int index)
        {
            // The longer side is divided, at whole tiles.
            int width = M > N ? Rows : Columns;
            long units = (Math.Max(M, N) + width - 1) / width;
            int begin = (int)(units * index / Pieces) * width, end = (int)Math.Min(Math.Max(M, N), units * (index + 1) / Pieces * width);
            if (M > N)
                Part(begin, end, 0, N);
            else
                Part(0, M, begin, end);
        }

        private readonly void Part(int i0, int i1, int j0, int j1)
        {
            for (int i = i0; K <= 0 && !Accumulate && i < i1; i++)
                new Span<double>(C + (i * LdC) + j0, j1 - j0).Clear();
            const long Size = ((RowBlock + ColumnBlock) * Depth) + (Rows * Columns);
            double* packedA = (double*)BufferPool.Rent(Size * sizeof(double));
            double* packedB = packedA + (RowBlock * Depth);
            for (int k = 0; k < K; k += Depth)
            {
                int depth = Math.Min(Depth, K - k);
                for (int j = j0; j < j1; j += ColumnBlock)
                {
                    int columns = Math.Min(ColumnBlock, j1 - j);
                    Pack(B, j, columns, k, depth, Columns, packedB);
                    for (int i = i0; i < i1; i += RowBlock)
                    {
                        int rows = Math.Min(RowBlock, i1 - i);
                        Pack(A, i, rows, k, depth, Rows, packedA);
                        Block(rows, columns, depth, packedA, packedB, C + (i * LdC) + j, k > 0 || Accumulate);
                    }
                }
            }

            BufferPool.Return(packedA, Size * sizeof(double));
        }

        private readonly void Block(int rows, int columns, int depth, double* a, double* b, double* c, bool resume)
        {
            double* scratch = b + (ColumnBlock * Depth);
            for (int j = 0; j < columns; j += Columns)
            {
                for (int i = 0; i < rows; i += Rows)
                {
                    double* to = c + (i * LdC) + j;
                    if (rows - i >= Rows && columns - j >= Columns)
                    {
                        Tile(depth, a + (i * depth), b + (j * depth), to, LdC, resume);
                        continue;
                    }

                    int height = Math.Min(Rows, rows - i), width = Math.Min(Columns, columns - j);
                    if (resume)
                        Copy(to, LdC, scratch, Columns, height, width);
                    Tile(depth, a + (i * depth), b + (j * depth), scratch, Columns, resume);
                    Copy(scratch, Columns, to, LdC, height, width);
                }
            }
        }
    }
}
