namespace TorchSharp.Core;

/// <summary>
/// The memory of one or more tensors: views share it, and so do the tensors that a backward pass has saved.
/// It goes back to the pool with its last reference, and so does this object: the next tenant of its thread gets it, with
/// its finalizer still in place, so that a step in a steady state makes none.
/// </summary>
internal sealed unsafe class TensorBuffer
{
    /// <summary>The most objects that a thread keeps for their next tenants.</summary>
    const int MostIdle = 1024;

    static long live, liveBytes;

    [ThreadStatic]
    static Stack<TensorBuffer>? idle;

    long bytes;
    nint pointer;
    int references;
    PackedFactors? packed;
    bool exposed;

    TensorBuffer()
    {
    }

    /// <summary>Takes an uninitialised, 64-byte-aligned block of at least <paramref name="bytes"/> bytes, with one reference to it.</summary>
    public static TensorBuffer Rent(long bytes)
    {
        nint block = (nint)Kernels.BufferPool.Rent(bytes); // first, for it may throw
        TensorBuffer buffer = idle is not null && idle.TryPop(out TensorBuffer? used) ? used : new TensorBuffer();
        (buffer.bytes, buffer.pointer, buffer.references) = (bytes, block, 1);
        (buffer.Version, buffer.IsInference, buffer.exposed) = (0, Autograd.GradMode.Inference, false);
        Interlocked.Increment(ref live);
        Interlocked.Add(ref liveBytes, bytes);
        return buffer;
    }

    /// <summary>A safety net for tensors that nobody disposed.</summary>
    ~TensorBuffer() => Free();

    /// <summary>Buffers that are rented now.</summary>
    public static long LiveCount => Interlocked.Read(ref live);

    /// <summary>Bytes that are rented now.</summary>
    public static long LiveBytes => Interlocked.Read(ref liveBytes);

    /// <summary>How often the contents were changed in place; what a backward pass saved must still have its version.</summary>
    public int Version { get; private set; }

    /// <summary>True for memory taken in inference mode, whose changes nobody counts.</summary>
    public bool IsInference { get; private set; }

    public long Bytes => bytes;

    public byte* Pointer => (byte*)pointer;

    /// <summary>True when exactly one tensor holds this memory, so that it may be taken over.</summary>
    public bool IsExclusive => Volatile.Read(ref references) == 1;

    public TensorBuffer Retain()
    {
        Interlocked.Increment(ref references);
        return this;
    }

    /// <summary>Lets go of one reference; who held it never looks at this object again.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref references) != 0) return;
        Free();
        Stack<TensorBuffer> own = idle ??= new Stack<TensorBuffer>();
        if (own.Count < MostIdle) own.Push(this);
        else GC.SuppressFinalize(this);
    }

    /// <summary>Notes that the contents change.</summary>
    public void Touch()
    {
        Version++;
        packed?.Clear();
    }

    /// <summary>Notes that the memory is in the hands of a caller who may change it at any time without a word.</summary>
    public void Expose()
    {
        exposed = true;
        packed?.Clear();
    }

    /// <summary>A matrix of these floats as the kernels read it fastest, if it is known already; the caller releases it.</summary>
    public Kernels.PackedMatrix? Packed(in FactorForm form)
    {
        if (exposed) return null;
        PackedFactors factors = packed ?? Interlocked.CompareExchange(ref packed, new PackedFactors(), null) ?? packed;
        return factors.Find(form, Version, (float*)pointer + form.Offset);
    }

    void Free()
    {
        nint block = Interlocked.Exchange(ref pointer, 0);
        if (block == 0) return;
        packed?.Clear();
        Interlocked.Decrement(ref live);
        Interlocked.Add(ref liveBytes, -bytes);
        Kernels.BufferPool.Return((void*)block, bytes);
    }
}
