using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>
/// TorchSharp's form of a tensor: type, number of dimensions and sizes as LEB128 numbers, then the elements' bytes, row-major.
/// </summary>
internal static class TensorFormat
{
    public static void Write(Tensor tensor, BinaryWriter writer)
    {
        writer.Write7BitEncodedInt((int)tensor.type);
        writer.Write7BitEncodedInt(tensor.Rank);
        foreach (long size in tensor.sizes) writer.Write7BitEncodedInt64(size);
        writer.Flush();
        tensor.WriteBytesToStream(writer.BaseStream);
    }

    public static (ScalarType Type, long[] Shape) Header(BinaryReader reader)
    {
        var type = (ScalarType)reader.Read7BitEncodedInt();
        var shape = new long[reader.Read7BitEncodedInt()];
        for (int d = 0; d < shape.Length; d++) shape[d] = reader.Read7BitEncodedInt64();
        return (type, shape);
    }

    /// <summary>Reads elements of the tensor's own type and number.</summary>
    public static void Elements(Tensor tensor, BinaryReader reader)
    {
        if (tensor.is_contiguous())
        {
            tensor.ReadBytesFromStream(reader.BaseStream);
            return;
        }
        using Tensor dense = Tensor.Create(tensor.sizes, tensor.type, false);
        dense.ReadBytesFromStream(reader.BaseStream);
        using IDisposable mode = no_grad();
        tensor.copy_(dense);
    }

    /// <summary>Goes past a tensor.</summary>
    public static void Skip(BinaryReader reader)
    {
        (ScalarType type, long[] shape) = Header(reader);
        SkipBytes(reader.BaseStream, Shapes.Numel(shape) * Dtypes.Size(type));
    }

    public static void SkipBytes(Stream stream, long count)
    {
        if (stream.CanSeek)
        {
            stream.Seek(count, SeekOrigin.Current);
            return;
        }
        var buffer = new byte[1 << 16];
        for (; count > 0; count -= Math.Min(count, buffer.Length)) stream.ReadExactly(buffer, 0, (int)Math.Min(count, buffer.Length));
    }
}
