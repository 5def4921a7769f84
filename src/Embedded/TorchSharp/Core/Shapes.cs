using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>Arithmetic on shapes and strides.</summary>
internal static class Shapes
{
    public static long Numel(ReadOnlySpan<long> shape)
    {
        long n = 1;
        foreach (long s in shape) n *= s;
        return n;
    }

    public static long[] ContiguousStrides(ReadOnlySpan<long> shape)
    {
        Span<long> strides = shape.Length <= 16 ? stackalloc long[shape.Length] : new long[shape.Length];
        long stride = 1;
        for (int d = shape.Length - 1; d >= 0; d--)
        {
            strides[d] = stride;
            stride *= Math.Max(shape[d], 1);
        }
        return ShapeCache.Of(strides);
    }

    public static bool IsContiguous(ReadOnlySpan<long> shape, ReadOnlySpan<long> strides)
    {
        long expected = 1;
        for (int d = shape.Length - 1; d >= 0; d--)
        {
            if (shape[d] == 0) return true;
            if (shape[d] != 1 && strides[d] != expected) return false;
            expected *= shape[d];
        }
        return true;
    }

    /// <summary>True where no two places of a window lie on one element: each stride steps over all that the smaller ones reach.</summary>
    public static bool IsDisjoint(ReadOnlySpan<long> shape, ReadOnlySpan<long> strides)
    {
        if (shape.Contains(0) || IsContiguous(shape, strides)) return true;
        long reached = 0;
        Span<bool> done = stackalloc bool[shape.Length];
        for (int round = 0; round < shape.Length; round++)
        {
            int next = -1;
            for (int d = 0; d < shape.Length; d++)
                if (!done[d] && (next < 0 || strides[d] < strides[next])) next = d;
            done[next] = true;
            if (shape[next] <= 1) continue;
            if (strides[next] <= reached) return false;
            reached += (shape[next] - 1) * strides[next];
        }
        return true;
    }

    /// <summary>How many elements of memory lie between a window's first and last, both included.</summary>
    public static long Span(ReadOnlySpan<long> shape, ReadOnlySpan<long> strides)
    {
        long last = 0;
        for (int d = 0; d < shape.Length; d++)
        {
            if (shape[d] == 0) return 0;
            last += (shape[d] - 1) * strides[d];
        }
        return last + 1;
    }

    /// <summary>The shape both broadcast to.</summary>
    public static long[] Broadcast(long[] a, long[] b)
    {
        if (a.AsSpan().SequenceEqual(b)) return a;
        int rank = Math.Max(a.Length, b.Length);
        var shape = new long[rank];
        for (int i = 1; i <= rank; i++)
        {
            long x = i <= a.Length ? a[^i] : 1, y = i <= b.Length ? b[^i] : 1;
            if (x != y && x != 1 && y != 1)
                throw new ExternalException($"The size of tensor a ({x}) must match the size of tensor b ({y}) at non-singleton dimension {rank - i}");
            shape[^i] = x == 1 ? y : x;
        }
        return shape;
    }

    /// <summary>The strides with which a tensor is read as if it had <paramref name="shape"/>; 0 along what it is repeated.</summary>
    public static long[] ExpandedStrides(Tensor t, long[] shape)
    {
        if (t.sizes.AsSpan().SequenceEqual(shape)) return t.strides;
        var strides = new long[shape.Length];
        int shift = shape.Length - t.sizes.Length;
        if (shift < 0) throw Unexpandable(t.sizes, shape);
        for (int d = 0; d < t.sizes.Length; d++)
        {
            if (t.sizes[d] == shape[d + shift]) strides[d + shift] = t.strides[d];
            else if (t.sizes[d] != 1) throw Unexpandable(t.sizes, shape);
        }
        return strides;
    }

    static ExternalException Unexpandable(long[] from, long[] to)
    {
        int shift = to.Length - from.Length;
        if (shift < 0) return new ExternalException($"output with shape [{Text(to)}] doesn't match the broadcast shape [{Text(from)}]");
        int d = from.Length - 1;
        while (d > 0 && (from[d] == to[d + shift] || from[d] == 1)) d--;
        return new ExternalException($"The expanded size of the tensor ({to[d + shift]}) must match the existing size ({from[d]}) at non-singleton dimension {d + shift}.  Target sizes: [{Text(to)}].  Tensor sizes: [{Text(from)}]");
    }

    /// <summary>A dimension counted from the end made one counted from the start.</summary>
    public static int Dim(long dim, int rank)
    {
        int range = Math.Max(rank, 1);
        if (dim < -range || dim >= range)
            throw new ExternalException($"Dimension out of range (expected to be in range of [{-range}, {range - 1}], but got {dim})");
        return (int)(dim < 0 ? dim + range : dim);
    }

    /// <summary>Marks the dimensions named; all of them where none is.</summary>
    public static bool[] Mask(ReadOnlySpan<long> dims, int rank)
    {
        var mask = new bool[rank];
        if (dims.Length == 0) Array.Fill(mask, true);
        foreach (long d in dims)
        {
            int n = Dim(d, rank);
            if (rank == 0) continue;
            if (mask[n]) throw new ExternalException($"dim {n} appears multiple times in the list of dims");
            mask[n] = true;
        }
        return mask;
    }

    /// <summary>The shape with another last dimension.</summary>
    public static long[] WithLast(ReadOnlySpan<long> shape, long last)
    {
        Span<long> result = shape.Length <= 16 ? stackalloc long[shape.Length] : new long[shape.Length];
        shape.CopyTo(result);
        result[^1] = last;
        return ShapeCache.Of(result);
    }

    /// <summary>Fills in a -1 and checks that the shape holds <paramref name="numel"/> elements.</summary>
    public static long[] Infer(ReadOnlySpan<long> shape, long numel)
    {
        Span<long> result = shape.Length <= 16 ? stackalloc long[shape.Length] : new long[shape.Length];
        shape.CopyTo(result);
        long known = 1;
        int unknown = -1;
        for (int d = 0; d < result.Length; d++)
        {
            if (result[d] < -1) throw new ExternalException($"invalid shape dimension {result[d]}");
            if (result[d] != -1) known *= result[d];
            else if (unknown >= 0) throw new ExternalException("only one dimension can be inferred");
            else unknown = d;
        }
        if (unknown >= 0 && known == 0 && numel == 0)
            throw new ExternalException($"cannot reshape tensor of 0 elements into shape [{Text(shape)}] because the unspecified dimension size -1 can be any value and is ambiguous");
        if (unknown >= 0 && known > 0 && numel % known == 0) result[unknown] = numel / known;
        if (Numel(result) != numel || (unknown >= 0 && result[unknown] < 0))
            throw new ExternalException($"shape '[{Text(shape)}]' is invalid for input of size {numel}");
        return ShapeCache.Of(result);
    }

    public static string Text(ReadOnlySpan<long> shape) => string.Join(", ", shape.ToArray());
}
