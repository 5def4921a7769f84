using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A matrix with 1 on its main diagonal and 0 elsewhere; square without <paramref name="columns"/>.</summary>
    public static Tensor eye(long rows, long columns = -1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        if (columns == -1) columns = rows;
        if (rows < 0) throw new ExternalException($"n must be greater or equal to 0, got {rows}");
        if (columns < 0) throw new ExternalException($"m must be greater or equal to 0, got {columns}");
        Tensor result = New.Filled([rows, columns], 0L, dtype, device, false);
        using (IDisposable mode = no_grad())
        using (Tensor diagonal = result.diagonal()) diagonal.fill_(1);
        return result.requires_grad_(requires_grad);
    }

    /// <summary>Powers of <paramref name="base"/> with evenly spaced exponents from <paramref name="start"/> to <paramref name="end"/>, both included.</summary>
    public static unsafe Tensor logspace(double start, double end, long steps, double @base = 10, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        ScalarType type = dtype ?? get_default_dtype();
        Tensor values = linspace(start, end, steps, ScalarType.Float64, device);
        double* p = values.Ptr<double>();
        for (long i = 0; i < values.Count; i++) p[i] = Math.Pow(@base, p[i]);
        return values.to_type(type, disposeAfter: values.type != type).requires_grad_(requires_grad);
    }

    /// <summary>Uninitialised elements with the given sizes and strides.</summary>
    public static Tensor empty_strided(long[] size, long[] strides, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        ArgumentNullException.ThrowIfNull(size);
        ArgumentNullException.ThrowIfNull(strides);
        if (size.Length != strides.Length) throw new ExternalException($"mismatch in length of strides and shape");
        if (size.Any(s => s < 0)) throw new ExternalException($"Trying to create tensor with negative dimension {size.First(s => s < 0)}: [{Shapes.Text(size)}]");
        using Tensor memory = New.Unfilled([Shapes.Span(size, strides)], dtype, device, false);
        return memory.Window(0, (long[])size.Clone(), (long[])strides.Clone()).requires_grad_(requires_grad);
    }

    /// <summary>Elements of an array's bytes read as another type: <paramref name="count"/> of them (all with -1) from byte <paramref name="offset"/> on.</summary>
    public static Tensor frombuffer(Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false)
    {
        ArgumentNullException.ThrowIfNull(rawArray);
        int size = Dtypes.Size(dtype);
        long bytes = System.Buffer.ByteLength(rawArray) - offset;
        if (offset < 0 || bytes < 0) throw new ExternalException($"offset ({offset} bytes) must be non-negative and no greater than buffer length ({bytes + offset} bytes) minus 1");
        if (count == -1)
        {
            if (bytes % size != 0) throw new ExternalException($"buffer length ({bytes} bytes) after offset ({offset} bytes) must be a multiple of element size ({size})");
            count = bytes / size;
        }

        if (count * size > bytes) throw new ExternalException($"requested buffer length ({count} * {size} bytes) after offset ({offset} bytes) must not be greater than actual buffer length ({bytes + offset} bytes)");
        Tensor result = Tensor.Create([count], dtype);
        var raw = new byte[bytes + offset];
        System.Buffer.BlockCopy(rawArray, 0, raw, 0, raw.Length);
        raw.AsSpan((int)offset, (int)(count * size)).CopyTo(result.bytes);
        return result.requires_grad_(requires_grad);
    }

    /// <summary>The first <paramref name="size"/> elements of a file's bytes.</summary>
    public static Tensor from_file(string filename, bool? shared = null, long? size = 0, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        Tensor result = New.Unfilled([size ?? 0], dtype, device, false);
        using (FileStream stream = File.OpenRead(filename))
        {
            if (stream.Length < result.Count * result.ElementSize) throw new ExternalException($"file {filename} is too small for {result.Count} elements of {result.type}");
            result.ReadBytesFromStream(stream);
        }

        return result.requires_grad_(requires_grad);
    }
}
