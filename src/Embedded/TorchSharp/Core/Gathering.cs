using System.Numerics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>Reads and writes at places given by whole numbers, in blocks (outer, axis, inner) of row-major memory.</summary>
internal static unsafe class Gathering
{
    /// <summary>The indices as a dense int64 array, negative ones resolved, all checked.</summary>
    /// <param name="index">Whole numbers.</param>
    /// <param name="size">How many places there are.</param>
    /// <param name="wrap">Whether negative indices count from the end.</param>
    /// <param name="outside">What is wrong with an index that names no place.</param>
    public static long[] Indices(Tensor index, long size, bool wrap, Func<long, string> outside)
    {
        using Tensor whole = Elementwise.As(index, ScalarType.Int64);
        using Tensor dense = whole.Dense();
        long[] result = new ReadOnlySpan<long>(dense.Ptr<long>(), (int)dense.Count).ToArray();
        for (int i = 0; i < result.Length; i++)
        {
            long at = wrap && result[i] < 0 ? result[i] + size : result[i];
            if ((ulong)at >= (ulong)size) throw new ExternalException(outside(result[i]));
            result[i] = at;
        }
        return result;
    }

    /// <summary>As with libtorch's message of an embedding.</summary>
    public static long[] Indices(Tensor index, long size, bool wrap) => Indices(index, size, wrap, _ => "index out of range in self");

    /// <summary>The indices of an embedding as hidden dense int64, all checked to be in 0..<paramref name="size"/> - 1; nothing is copied where they are so already.</summary>
    public static Tensor Checked(Tensor index, long size)
    {
        if (index.type is not (ScalarType.Int64 or ScalarType.Int32 or ScalarType.Int16 or ScalarType.Byte or ScalarType.Int8))
            throw new ExternalException($"Expected dtype int32/int64 for index, but got {Names.Of(index.type)}");
        using Tensor whole = Elementwise.As(index, ScalarType.Int64);
        Tensor dense = whole.Dense();
        if (Kernels.IndexRange.FirstOutside(dense.Ptr<long>(), dense.Count, size) < 0) return dense;
        dense.Dispose();
        throw new ExternalException("index out of range in self");
    }

    /// <summary>to[o, i, :] = from[o, index[i], :] for dense tensors.</summary>
    public static void Select(Tensor from, Tensor to, long outer, long axis, long innerBytes, long[] index)
    {
        byte* source = from.Data, target = to.Data;
        for (long o = 0; o < outer; o++)
            foreach (long i in index)
            {
                System.Buffer.MemoryCopy(source + (o * axis + i) * innerBytes, target, innerBytes, innerBytes);
                target += innerBytes;
            }
        GC.KeepAlive(from);
    }

    /// <summary>to[o, index[i], :] += scale * from[o, i, :], in ascending order of i.</summary>
    public static void AddRows(Tensor from, Tensor to, long outer, long axis, long inner, long[] index, double scale)
    {
        switch (to.type)
        {
            case ScalarType.Float32: AddRows<float>(from, to, outer, axis, inner, index, (float)scale); break;
            case ScalarType.Float64: AddRows<double>(from, to, outer, axis, inner, index, scale); break;
            case ScalarType.Int64: AddRows<long>(from, to, outer, axis, inner, index, (long)scale); break;
            case ScalarType.Int32: AddRows<int>(from, to, outer, axis, inner, index, (int)scale); break;
            case ScalarType.Int16: AddRows<short>(from, to, outer, axis, inner, index, (short)scale); break;
            case ScalarType.Int8: AddRows<sbyte>(from, to, outer, axis, inner, index, (sbyte)scale); break;
            case ScalarType.Byte: AddRows<byte>(from, to, outer, axis, inner, index, (byte)scale); break;
            case ScalarType.Float16: AddRows<Half>(from, to, outer, axis, inner, index, (Half)scale); break;
            case ScalarType.BFloat16:
                using (Tensor wideFrom = Elementwise.As(from, ScalarType.Float32), wideTo = Elementwise.As(to, ScalarType.Float32))
                {
                    AddRows<float>(wideFrom, wideTo, outer, axis, inner, index, (float)scale);
                    Copy.Elements(wideTo, to);
                }

                break;
            default: OrRows(from, to, outer, axis, inner, index); break;
        }
    }

    /// <summary>Bool elements are 0 and 1: their sum is "or".</summary>
    static void OrRows(Tensor from, Tensor to, long outer, long axis, long inner, long[] index)
    {
        byte* source = from.Ptr<byte>(), target = to.Ptr<byte>();
        for (long o = 0; o < outer; o++)
            foreach (long i in index)
            {
                byte* row = target + (o * axis + i) * inner;
                for (long j = 0; j < inner; j++) row[j] |= source[j];
                source += inner;
            }
    }

    static void AddRows<T>(Tensor from, Tensor to, long outer, long axis, long inner, long[] index, T scale) where T : unmanaged, INumber<T>
    {
        T* source = from.Ptr<T>(), target = to.Ptr<T>();
        for (long o = 0; o < outer; o++)
            foreach (long i in index)
            {
                T* row = target + (o * axis + i) * inner;
                for (long j = 0; j < inner; j++) row[j] += scale * source[j];
                source += inner;
            }
    }

    /// <summary>to[i] = from[offsets[i]] for a dense target.</summary>
    public static void Read(Tensor from, Tensor to, long[] offsets)
    {
        switch (Dtypes.Size(from.type))
        {
            case 1: Read<byte>(from, to, offsets); break;
            case 2: Read<ushort>(from, to, offsets); break;
            case 4: Read<uint>(from, to, offsets); break;
            default: Read<ulong>(from, to, offsets); break;
        }
    }

    static void Read<T>(Tensor from, Tensor to, long[] offsets) where T : unmanaged
    {
        T* source = from.Ptr<T>(), target = to.Ptr<T>();
        for (int i = 0; i < offsets.Length; i++) target[i] = source[offsets[i]];
        GC.KeepAlive(from);
    }
}
