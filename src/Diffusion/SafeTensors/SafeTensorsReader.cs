using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using DiffusionBatch.Diffusion.Files;

namespace DiffusionBatch.Diffusion.SafeTensors;

/// <summary>Reads a safetensors file: the header at once, each tensor's bytes when they are asked for. For one thread at a time.</summary>
public sealed class SafeTensorsReader : IDisposable
{
    /// <summary>Elements that are mapped at once (32 MiB of F32).</summary>
    internal const int WindowElements = 1 << 23;

    readonly FileStream _stream;
    readonly SafeTensorsHeader _header;
    MemoryMappedFile? _file;

    SafeTensorsReader(string path, FileStream stream, SafeTensorsHeader header)
    {
        Path = path;
        _stream = stream;
        _header = header;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, SafeTensorInfo> Tensors => _header.Tensors;

    /// <summary>The header's <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>Opens a file and checks its header and length.</summary>
    /// <exception cref="CheckpointException">Something is wrong with it; all of it is listed.</exception>
    public static SafeTensorsReader Open(string path)
    {
        var problems = new List<CheckpointProblem>();
        return TryOpen(path, problems) ?? throw new CheckpointException(path, problems);
    }

    /// <summary>Opens a file, or adds what is wrong with it to <paramref name="problems"/> and returns null.</summary>
    public static SafeTensorsReader? TryOpen(string path, ICollection<CheckpointProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        int before = problems.Count;
        var reader = TryOpenListed(path, problems);
        if (problems.Count == before) return reader;
        reader?.Dispose();
        return null;
    }

    /// <summary>
    /// Opens a file whose header can be read, though its layout may be broken (that is added to <paramref name="problems"/>):
    /// its names and shapes can then be checked as well, so that all that is wrong is said at once.
    /// </summary>
    internal static SafeTensorsReader? TryOpenListed(string path, ICollection<CheckpointProblem> problems)
    {
        string name = System.IO.Path.GetFileName(path);
        if (!File.Exists(path))
        {
            problems.Add(new CheckpointProblem(name, null, "the file is missing"));
            return null;
        }
        FileStream? stream = null;
        try
        {
            if (GitLfsPointer.Message(path) is { } pointer)
            {
                problems.Add(new CheckpointProblem(name, null, pointer));
                return null;
            }
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1);
            var header = SafeTensorsHeader.Read(stream, name);
            foreach (var problem in header.Problems) problems.Add(problem);
            if (header.IsListed) return new SafeTensorsReader(path, stream, header);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(new CheckpointProblem(name, null, $"the file can't be read: {e.Message}"));
        }
        stream?.Dispose();
        return null;
    }

    /// <summary>Reads a floating-point tensor as float32: narrower numbers widened, wider ones rounded.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="destination">Room for exactly its elements.</param>
    /// <exception cref="ArgumentException">The tensor is absent, of integers, or of another size.</exception>
    public void ReadFloats(string name, Span<float> destination)
    {
        Find(name, destination.Length);
        for (int at = 0; at < destination.Length; at += WindowElements)
            ReadFloats(name, at, destination.Slice(at, Math.Min(WindowElements, destination.Length - at)));
    }

    /// <summary>
    /// Reads a part of a floating-point tensor as float32. The file is mapped for this part alone: what was read
    /// doesn't stay in the process's memory.
    /// </summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="from">The first element, in row-major order.</param>
    /// <param name="destination">Room for as many elements as are wanted.</param>
    /// <exception cref="ArgumentException">The tensor is absent, of integers, or shorter.</exception>
    public void ReadFloats(string name, long from, Span<float> destination)
    {
        if (destination.IsEmpty)
        {
            Find(name, null);
            return;
        }
        using MappedBytes mapped = Map(name, from, destination.Length);
        SafeTensorType type = Find(name, null).Type;
        if (type == SafeTensorType.F32) mapped.Bytes.CopyTo(MemoryMarshal.AsBytes(destination));
        else if (type == SafeTensorType.F64) Round(MemoryMarshal.Cast<byte, double>(mapped.Bytes), destination);
        else HalfNumbers.Widen(type, mapped.Bytes, destination);
    }

    static void Round(ReadOnlySpan<double> source, Span<float> destination)
    {
        for (int i = 0; i < source.Length; i++) destination[i] = (float)source[i];
    }

    /// <summary>A part of a floating-point tensor as it stands in the file.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="from">The first element, in row-major order.</param>
    /// <param name="count">The number of elements, at least 1.</param>
    /// <exception cref="ArgumentException">The tensor is absent, of integers, or shorter.</exception>
    internal MappedBytes Map(string name, long from, int count)
    {
        var info = Find(name, null);
        if (!info.Type.IsFloat()) throw new ArgumentException($"{name} holds {info.Type}, not floating-point numbers.", nameof(name));
        if (from < 0 || from + count > info.Elements) throw new ArgumentException($"{name} has {info.Elements} elements.", nameof(from));
        _file ??= MemoryMappedFile.CreateFromFile(_stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None,
            leaveOpen: true);
        int size = info.Type.Size();
        return new MappedBytes(_file, _header.DataStart + info.Offset + from * size, count * size);
    }

    /// <summary>Copies a tensor's bytes as they stand.</summary>
    public void CopyTo(string name, Stream destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var info = Find(name, null);
        _stream.Position = _header.DataStart + info.Offset;
        var buffer = new byte[1 << 16];
        for (long left = info.Length; left > 0;)
        {
            int count = (int)Math.Min(left, buffer.Length);
            _stream.ReadExactly(buffer.AsSpan(0, count));
            destination.Write(buffer, 0, count);
            left -= count;
        }
    }

    /// <summary>A floating-point tensor's elements as float32, in row-major order.</summary>
    public float[] ReadFloats(string name)
    {
        var values = new float[Elements(name)];
        ReadFloats(name, values);
        return values;
    }

    /// <summary>An I64 tensor's elements in row-major order.</summary>
    public long[] ReadLongs(string name) => ReadRaw<long>(name, SafeTensorType.I64);

    /// <summary>An integer tensor's elements in row-major order, whatever its width; booleans are 0 and 1.</summary>
    public long[] ReadIntegers(string name) => Find(name, null).Type switch
    {
        SafeTensorType.I32 => Array.ConvertAll(ReadRaw<int>(name, SafeTensorType.I32), i => (long)i),
        SafeTensorType.I16 => Array.ConvertAll(ReadRaw<short>(name, SafeTensorType.I16), i => (long)i),
        SafeTensorType.I8 => Array.ConvertAll(ReadRaw<sbyte>(name, SafeTensorType.I8), i => (long)i),
        SafeTensorType.U8 => Array.ConvertAll(ReadRaw<byte>(name, SafeTensorType.U8), i => (long)i),
        SafeTensorType.BOOL => Array.ConvertAll(ReadBooleans(name), b => b ? 1L : 0),
        _ => ReadLongs(name),
    };

    /// <summary>A BOOL tensor's elements in row-major order; any byte but 0 is true.</summary>
    public bool[] ReadBooleans(string name) => Array.ConvertAll(ReadRaw<byte>(name, SafeTensorType.BOOL), b => b != 0);

    T[] ReadRaw<T>(string name, SafeTensorType type) where T : unmanaged
    {
        var values = new T[Elements(name)];
        var info = Find(name, values.Length);
        if (info.Type != type) throw new ArgumentException($"{name} holds {info.Type}, not {type}.", nameof(name));
        _stream.Position = _header.DataStart + info.Offset;
        _stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    int Elements(string name) => checked((int)Find(name, null).Elements);

    SafeTensorInfo Find(string name, int? elements)
    {
        if (!_header.Tensors.TryGetValue(name, out var info)) throw new ArgumentException($"{Path} has no tensor {name}.", nameof(name));
        if (elements is not null && info.Elements != elements)
            throw new ArgumentException($"{name} has {info.Elements} elements, not {elements}.", nameof(elements));
        return info;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _file?.Dispose();
        _stream.Dispose();
    }
}
