namespace TorchSharp.Core;

/// <summary>
/// Shapes and strides that a thread made lately. Tensors never write to theirs, and a training step makes the same few
/// again and again, so that one array does for all.
/// </summary>
internal static class ShapeCache
{
    const int Places = 256;

    [ThreadStatic]
    static long[]?[]? recent;

    /// <summary>An array with these values: an earlier one where it is still known.</summary>
    public static long[] Of(ReadOnlySpan<long> values)
    {
        if (values.IsEmpty) return [];
        ulong hash = (ulong)values.Length;
        foreach (long v in values) hash = (hash ^ (ulong)v) * 0x9E3779B97F4A7C15;
        ref long[]? place = ref (recent ??= new long[]?[Places])[(int)(hash >> 56)];
        if (place is not null && values.SequenceEqual(place)) return place;
        return place = values.ToArray();
    }
}
