using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Tensors to numbers, to parameters and to files.</summary>
public static class TensorExtensionMethods
{
    public static bool ToBoolean(this Tensor value) => value.ToScalar().ToBoolean();

    public static byte ToByte(this Tensor value) => (byte)value.ToScalar().Whole;

    public static int ToInt32(this Tensor value) => (int)value.ToScalar().Whole;

    public static long ToInt64(this Tensor value) => value.ToScalar().Whole;

    public static float ToSingle(this Tensor value) => (float)value.ToScalar().Real;

    public static double ToDouble(this Tensor value) => value.ToScalar().Real;

    public static Parameter AsParameter(this Tensor tensor) => new(tensor);

    public static int ElementSize(this ScalarType type) => Dtypes.Size(type);

    public static long TotalSize(this IEnumerable<long> shape) => shape.Aggregate(1L, (a, b) => a * b);

    /// <summary>Writes type, shape and elements.</summary>
    public static void Save(this Tensor tensor, BinaryWriter writer)
    {
        writer.Write7BitEncodedInt((int)tensor.type);
        writer.Write7BitEncodedInt(tensor.Rank);
        foreach (long size in tensor.sizes) writer.Write7BitEncodedInt64(size);
        writer.Flush();
        tensor.WriteBytesToStream(writer.BaseStream);
    }

    /// <summary>Reads into the tensor what <see cref="Save(Tensor, BinaryWriter)"/> wrote of one of its type and shape.</summary>
    public static void Load(this Tensor tensor, BinaryReader reader, bool skip = false)
    {
        var type = (ScalarType)reader.Read7BitEncodedInt();
        var shape = new long[reader.Read7BitEncodedInt()];
        for (int d = 0; d < shape.Length; d++) shape[d] = reader.Read7BitEncodedInt64();
        if (skip)
        {
            using Tensor dropped = Tensor.Create(shape, type, false);
            dropped.ReadBytesFromStream(reader.BaseStream);
            return;
        }
        if (type != tensor.type) throw new ArgumentException($"Mismatched tensor data types while loading. Expected {tensor.type}, found {type}.");
        if (!shape.AsSpan().SequenceEqual(tensor.sizes)) throw new ArgumentException($"Mismatched tensor shape while loading: expected [{Shapes.Text(tensor.sizes)}], found [{Shapes.Text(shape)}].");
        tensor.ReadBytesFromStream(reader.BaseStream);
    }
}
