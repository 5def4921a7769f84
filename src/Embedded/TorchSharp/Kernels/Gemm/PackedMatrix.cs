namespace TorchSharp.Kernels;

/// <summary>
/// A right factor op(B) (k x n) laid out once in the order in which the tiles of one instruction set read it, for any
/// number of products. Counts its users; the memory goes with the last.
/// </summary>
internal sealed unsafe class PackedMatrix
{
    private static long s_live;
    private readonly long _size;
    private int _users = 1;

    /// <summary>Packs B: k x n with rows <paramref name="ldb"/> apart, n x k when transposed; on all threads.</summary>
    internal PackedMatrix(float* b, nint ldb, bool transB, int n, int k)
    {
        Level = CpuPath.Level;
        _size = Gemm.PackedSize(n, k);
        Data = BufferPool.RentFloats(_size);
        Interlocked.Add(ref s_live, Bytes);
        Gemm.Pack(new GemmProblem { N = n, K = k, B = b, LdB = ldb, TransB = transB }, Data);
    }

    /// <summary>Bytes of all packed matrices.</summary>
    internal static long LiveBytes => Interlocked.Read(ref s_live);

    /// <summary>What <see cref="GemmProblem.Packed"/> takes; valid while retained.</summary>
    internal float* Data { get; private set; }

    /// <summary>The instruction set whose tiles read it.</summary>
    internal SimdLevel Level { get; }

    /// <summary>Bytes that it takes.</summary>
    internal long Bytes => _size * sizeof(float);

    /// <summary>One more user, unless the last has gone.</summary>
    internal bool TryRetain()
    {
        int users = Volatile.Read(ref _users);
        while (users > 0)
        {
            int seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
                return true;
            users = seen;
        }

        return false;
    }

    /// <summary>One user less.</summary>
    internal void Release()
    {
        if (Interlocked.Decrement(ref _users) != 0)
            return;
        Interlocked.Add(ref s_live, -Bytes);
        BufferPool.ReturnFloats(Data, _size);
        Data = null;
    }
}
