namespace DiffusionBatch.Diffusion.SafeTensors;

/// <summary>What a safetensors header says of one tensor.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Its dimensions; empty for a scalar.</param>
/// <param name="Offset">Where its bytes start, counted from the end of the header.</param>
/// <param name="Length">How many bytes it takes.</param>
public sealed record SafeTensorInfo(string Name, SafeTensorType Type, long[] Shape, long Offset, long Length)
{
    /// <summary>The number of elements.</summary>
    public long Elements => Length / Type.Size();

    /// <summary>A shape as people write it: <c>[120, 48]</c>.</summary>
    public static string Describe(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}
