using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Tensors to numbers, to parameters and to files.</summary>
public static partial class TensorExtensionMethods
{
    public static bool ToBoolean(this Tensor value) => value.ToScalar().ToBoolean();

    public static byte ToByte(this Tensor value) => (byte)value.ToScalar().Whole;

    public static sbyte ToSByte(this Tensor value) => (sbyte)value.ToScalar().Whole;

    public static short ToInt16(this Tensor value) => (short)value.ToScalar().Whole;

    public static Half ToHalf(this Tensor value) => (Half)value.ToScalar().Real;

    /// <summary>The shape in 32-bit numbers.</summary>
    public static ReadOnlySpan<int> IntShape(this Tensor tensor) => Array.ConvertAll(tensor.sizes, n => (int)n);

    /// <summary>A zero-dimensional tensor of a number.</summary>
    public static Tensor ToTensor<T>(this T scalar, Device? device = null, bool requires_grad = false) where T : unmanaged =>
        New.From<T>([scalar], [], null, device, requires_grad);

    /// <summary>A tensor of an array's numbers: always a copy.</summary>
    public static Tensor ToTensor<T>(this T[] rawArray, long[] dimensions, bool doCopy = false, bool requires_grad = false) where T : unmanaged =>
        New.From<T>(rawArray, dimensions, null, null, requires_grad);

    public static int ToInt32(this Tensor value) => (int)value.ToScalar().Whole;

    public static long ToInt64(this Tensor value) => value.ToScalar().Whole;

    public static float ToSingle(this Tensor value) => (float)value.ToScalar().Real;

    public static double ToDouble(this Tensor value) => value.ToScalar().Real;

    public static Parameter AsParameter(this Tensor tensor) => new(tensor);

    public static int ElementSize(this ScalarType type) => Dtypes.Size(type);

    public static long TotalSize(this IEnumerable<long> shape) => shape.Aggregate(1L, (a, b) => a * b);

    /// <summary>Writes type, shape and elements.</summary>
    public static void Save(this Tensor tensor, BinaryWriter writer) => TensorFormat.Write(tensor, writer);

    /// <summary>Writes a tensor and closes the stream.</summary>
    public static void Save(this Tensor tensor, Stream stream)
    {
        using var writer = new BinaryWriter(stream);
        tensor.Save(writer);
    }

    public static void Save(this Tensor tensor, string location) => tensor.Save(File.Create(location));

    /// <summary>Reads into the tensor what <see cref="Save(Tensor, BinaryWriter)"/> wrote of one of its type and shape; or goes past it.</summary>
    public static void Load(this Tensor tensor, BinaryReader reader, bool skip = false)
    {
        (ScalarType type, long[] shape) = TensorFormat.Header(reader);
        if (type != tensor.type)
            throw new ArgumentException("Mismatched tensor data types while loading. Make sure that the model you are loading into is exactly the same as the origin.");
        Fill(tensor, type, shape, reader, skip);
    }

    /// <summary>A new tensor of what was written; with <paramref name="skip"/> the elements are gone past and the tensor is of zeros.</summary>
    public static Tensor Load(BinaryReader reader, bool skip = false)
    {
        Tensor? tensor = null;
        Load(ref tensor, reader, skip);
        return tensor!;
    }

    /// <summary>Reads into a tensor, or into a new one where there is none.</summary>
    public static void Load(ref Tensor? tensor, BinaryReader reader, bool skip = false)
    {
        (ScalarType type, long[] shape) = TensorFormat.Header(reader);
        tensor ??= zeros(shape, type);
        Fill(tensor, type, shape, reader, skip);
    }

    static void Fill(Tensor tensor, ScalarType type, long[] shape, BinaryReader reader, bool skip)
    {
        if (skip)
        {
            TensorFormat.SkipBytes(reader.BaseStream, Shapes.Numel(shape) * Dtypes.Size(type));
            return;
        }
        if (!shape.AsSpan().SequenceEqual(tensor.sizes))
            throw new ArgumentException("Mismatched tensor shape while loading. Make sure that the model you are loading into is exactly the same as the origin.");
        TensorFormat.Elements(tensor, reader);
    }
}
