using System.Runtime.InteropServices;

namespace DiffusionBatch.Diffusion.Checkpoints;

/// <summary>Reads a safetensors file: the header at once, each tensor's bytes when they are asked for.</summary>
public sealed class SafeTensorsReader : IDisposable
{
    const int ChunkElements = 1 << 16;
    readonly FileStream stream;
    readonly SafeTensorsHeader header;

    SafeTensorsReader(string path, FileStream stream, SafeTensorsHeader header)
    {
        Path = path;
        this.stream = stream;
        this.header = header;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, SafeTensorInfo> Tensors => header.Tensors;

    /// <summary>The header's <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => header.Metadata;

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

    /// <summary>Reads a floating-point tensor, widened to float32.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="destination">Room for exactly its elements.</param>
    /// <exception cref="ArgumentException">The tensor is absent, of integers, or of another size.</exception>
    public void ReadFloats(string name, Span<float> destination)
    {
        var info = Find(name, destination.Length);
        if (!info.Type.IsFloat()) throw new ArgumentException($"{name} holds {info.Type}, not floating-point numbers.", nameof(name));
        stream.Position = header.DataStart + info.Offset;
        if (info.Type == SafeTensorType.F32)
        {
            stream.ReadExactly(MemoryMarshal.AsBytes(destination));
            return;
        }
        var chunk = new ushort[Math.Min(destination.Length, ChunkElements)];
        for (int done = 0; done < destination.Length;)
        {
            var halves = chunk.AsSpan(0, Math.Min(chunk.Length, destination.Length - done));
            stream.ReadExactly(MemoryMarshal.AsBytes(halves));
            for (int i = 0; i < halves.Length; i++)
                destination[done + i] = info.Type == SafeTensorType.F16
                    ? (float)BitConverter.UInt16BitsToHalf(halves[i])
                    : BitConverter.UInt32BitsToSingle((uint)halves[i] << 16);
            done += halves.Length;
        }
    }

    /// <summary>A floating-point tensor's elements, widened to float32, in row-major order.</summary>
    public float[] ReadFloats(string name)
    {
        var values = new float[Elements(name)];
        ReadFloats(name, values);
        return values;
    }

    /// <summary>An I64 tensor's elements in row-major order.</summary>
    public long[] ReadLongs(string name) => ReadRaw<long>(name, SafeTensorType.I64);

    /// <summary>A BOOL tensor's elements in row-major order; any byte but 0 is true.</summary>
    public bool[] ReadBooleans(string name) => Array.ConvertAll(ReadRaw<byte>(name, SafeTensorType.BOOL), b => b != 0);

    T[] ReadRaw<T>(string name, SafeTensorType type) where T : unmanaged
    {
        var values = new T[Elements(name)];
        var info = Find(name, values.Length);
        if (info.Type != type) throw new ArgumentException($"{name} holds {info.Type}, not {type}.", nameof(name));
        stream.Position = header.DataStart + info.Offset;
        stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    int Elements(string name) => checked((int)Find(name, null).Elements);

    SafeTensorInfo Find(string name, int? elements)
    {
        if (!header.Tensors.TryGetValue(name, out var info)) throw new ArgumentException($"{Path} has no tensor {name}.", nameof(name));
        if (elements is not null && info.Elements != elements)
            throw new ArgumentException($"{name} has {info.Elements} elements, not {elements}.", nameof(elements));
        return info;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => stream.Dispose();
}
