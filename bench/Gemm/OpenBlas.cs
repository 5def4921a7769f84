using System.Runtime.InteropServices;

namespace DiffusionBatch.Bench;

/// <summary>The peer: Debian's libopenblas0-pthread, loaded at run time where it is installed.</summary>
internal sealed unsafe class OpenBlas
{
    private const int RowMajor = 101;
    private const int NoTrans = 111;
    private const int Trans = 112;
    private readonly delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void> _sgemm;
    private readonly delegate* unmanaged<int, int, int, int, float, float*, int, float*, int, float, float*, int, void> _sgemv;
    private readonly delegate* unmanaged<int, void> _setThreads;

    private OpenBlas(nint library)
    {
        _sgemm = (delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)NativeLibrary.GetExport(library, "cblas_sgemm");
        _sgemv = (delegate* unmanaged<int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)NativeLibrary.GetExport(library, "cblas_sgemv");
        _setThreads = (delegate* unmanaged<int, void>)NativeLibrary.GetExport(library, "openblas_set_num_threads");
        var config = (delegate* unmanaged<nint>)NativeLibrary.GetExport(library, "openblas_get_config");
        Name = Marshal.PtrToStringAnsi(config()) ?? "OpenBLAS";
    }

    /// <summary>Version and kernel.</summary>
    internal string Name { get; }

    /// <summary>Loads the library; null where it is absent.</summary>
    internal static OpenBlas? Find()
    {
        foreach (string name in new[] { "libopenblas.so.0", "libopenblas.so", "libopenblas" })
        {
            if (NativeLibrary.TryLoad(name, out nint library))
                return new OpenBlas(library);
        }

        return null;
    }

    /// <summary>How many threads the next calls use.</summary>
    internal void SetThreads(int threads) => _setThreads(threads);

    /// <summary>C = op(A) op(B), row-major, dense.</summary>
    internal void Multiply(int m, int n, int k, float* a, bool transA, float* b, bool transB, float* c) =>
        _sgemm(RowMajor, transA ? Trans : NoTrans, transB ? Trans : NoTrans, m, n, k, 1f, a, transA ? m : k, b, transB ? k : n, 0f, c, n);

    /// <summary>y = x op(B) for one row x of k, by its own function for that.</summary>
    internal void MultiplyRow(int n, int k, float* x, float* b, bool transB, float* y) =>
        _sgemv(RowMajor, transB ? NoTrans : Trans, transB ? n : k, transB ? k : n, 1f, b, transB ? k : n, x, 1, 0f, y, 1);
}
