using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>
/// gather and scatter: for each place of an index tensor, in row-major order, the element of a window at that place,
/// but along one dimension at the index itself.
/// </summary>
internal static unsafe class Gathers
{
    /// <summary>to[.., i, ..] = from[.., index[.., i, ..], ..] for a dense target.</summary>
    public static void Read(Tensor from, int dim, Tensor index, Tensor to)
    {
        using Places places = new(from, dim, index);
        switch (Dtypes.Size(from.type))
        {
            case 1: Read<byte>(from, places, to); break;
            case 2: Read<ushort>(from, places, to); break;
            case 4: Read<uint>(from, places, to); break;
            default: Read<ulong>(from, places, to); break;
        }
        GC.KeepAlive(from);
    }

    /// <summary>to[.., index[.., i, ..], ..] = from[.., i, ..], or += with <paramref name="add"/>, for a dense source. Writes to one place come in row-major order.</summary>
    public static void Write(Tensor from, int dim, Tensor index, Tensor to, bool add)
    {
        using Places places = new(to, dim, index);
        switch (to.type)
        {
            case ScalarType.Bool when add: Write<byte, OrPut>(from, places, to); break;
            case ScalarType.BFloat16 when add: Write<ushort, NarrowPut>(from, places, to); break;
            case ScalarType.Float32: Write<float>(from, places, to, add); break;
            case ScalarType.Float64: Write<double>(from, places, to, add); break;
            case ScalarType.Int64: Write<long>(from, places, to, add); break;
            case ScalarType.Int32: Write<int>(from, places, to, add); break;
            case ScalarType.Float16: Write<Half>(from, places, to, add); break;
            case ScalarType.Int16 or ScalarType.BFloat16: Write<short>(from, places, to, add); break;
            default: Write<byte>(from, places, to, add); break;
        }
        GC.KeepAlive(to);
    }

    static void Read<T>(Tensor from, Places places, Tensor to) where T : unmanaged
    {
        var kernel = new Kernel<T, ReadMove<T>>(from.Ptr<T>(), to.Ptr<T>(), places);
        Launch.Over(places.Rows, 4 * places.Length, ref kernel);
    }

    static void Write<T>(Tensor from, Places places, Tensor to, bool add) where T : unmanaged, INumber<T>
    {
        if (add) Write<T, AddPut<T>>(from, places, to);
        else Write<T, SetPut<T>>(from, places, to);
    }

    static void Write<T, TMove>(Tensor from, Places places, Tensor to) where T : unmanaged where TMove : struct, IMove<T>
    {
        var kernel = new Kernel<T, TMove>(to.Ptr<T>(), from.Ptr<T>(), places);
        // Along the last dimension rows write to places of their own; along others several rows may write to one.
        if (places.OwnRows) Launch.Over(places.Rows, 4 * places.Length, ref kernel);
        else kernel.Run<Lanes128>(0, places.Rows);
    }

    /// <summary>What happens between an element of the window and one of the dense tensor.</summary>
    interface IMove<T>
    {
        static abstract void Run(ref T window, ref T dense);
    }

    struct ReadMove<T> : IMove<T>
    {
        public static void Run(ref T window, ref T dense) => dense = window;
    }

    struct SetPut<T> : IMove<T>
    {
        public static void Run(ref T window, ref T dense) => window = dense;
    }

    struct AddPut<T> : IMove<T> where T : INumber<T>
    {
        public static void Run(ref T window, ref T dense) => window += dense;
    }

    /// <summary>Bool elements are 0 and 1: their sum is "or".</summary>
    struct OrPut : IMove<byte>
    {
        public static void Run(ref byte window, ref byte dense) => window |= dense;
    }

    struct NarrowPut : IMove<ushort>
    {
        public static void Run(ref ushort window, ref ushort dense) => window = Casting.Narrow(Casting.Widen(window) + Casting.Widen(dense));
    }

    struct Kernel<T, TMove>(T* window, T* dense, Places places) : IKernel where T : unmanaged where TMove : struct, IMove<T>
    {
        public readonly void Run<TLanes>(long begin, long end) where TLanes : unmanaged, ILanes<TLanes>
        {
            long n = places.Length, along = places.Along, step = places.Step;
            for (long r = begin; r < end; r++)
            {
                T* row = window + places.RowOffset(r), to = dense + r * n;
                long* at = places.Index + r * n;
                if (step == 0 && along == 1)
                    for (long i = 0; i < n; i++) TMove.Run(ref row[at[i]], ref to[i]);
                else
                    for (long i = 0; i < n; i++) TMove.Run(ref row[at[i] * along + i * step], ref to[i]);
            }
        }
    }

    /// <summary>The checked indices, and where in the window each of their rows begins.</summary>
    sealed class Places : IDisposable
    {
        readonly Tensor dense;
        readonly long[] sizes, steps;

        public Places(Tensor window, int dim, Tensor index)
        {
            using (Tensor whole = Elementwise.As(index, ScalarType.Int64)) dense = whole.Dense();
            Index = dense.Ptr<long>();
            int last = index.Rank - 1;
            Length = index.Rank == 0 ? 1 : index.sizes[last];
            Rows = Length == 0 ? 0 : index.Count / Length;
            Along = window.Rank == 0 ? 0 : window.strides[dim];
            OwnRows = index.Rank <= 1 || dim == last;
            Step = OwnRows || window.Rank == 0 ? 0 : window.strides[last];
            // The dimensions before the last; the one that the index names does not count.
            sizes = new long[Math.Max(0, last)];
            steps = new long[sizes.Length];
            for (int d = 0; d < sizes.Length; d++) (sizes[d], steps[d]) = (index.sizes[d], d == dim ? 0 : window.strides[d]);
            Check(window.Rank == 0 ? 1 : window.sizes[dim], dim);
        }

        public long* Index { get; }

        public long Length { get; }

        public long Rows { get; }

        /// <summary>The window's stride along the dimension that the index names.</summary>
        public long Along { get; }

        /// <summary>The window's stride along a row of the index, where that is another dimension; otherwise 0.</summary>
        public long Step { get; }

        public bool OwnRows { get; }

        public long RowOffset(long row)
        {
            long offset = 0;
            for (int d = sizes.Length - 1; d >= 0; d--)
            {
                (row, long at) = Math.DivRem(row, sizes[d]);
                offset += at * steps[d];
            }
            return offset;
        }

        public void Dispose() => dense.Dispose();

        void Check(long size, int dim)
        {
            long first = IndexRange.FirstOutside(Index, Rows * Length, size);
            if (first < 0) return;
            long bad = Index[first];
            dense.Dispose();
            throw new ExternalException($"index {bad} is out of bounds for dimension {dim} with size {size}");
        }
    }
}
