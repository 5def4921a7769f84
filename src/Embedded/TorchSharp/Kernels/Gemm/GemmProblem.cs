namespace TorchSharp.Kernels;

/// <summary>C (M x N) = [C +] op(A) (M x K) op(B) (K x N) [+ bias (N)], row-major, leading dimensions in elements.</summary>
internal unsafe struct GemmProblem
{
    internal int M;
    internal int N;
    internal int K;
    internal float* A;
    internal nint LdA;
    internal bool TransA;
    internal float* B;
    internal nint LdB;
    internal bool TransB;
    internal float* C;
    internal nint LdC;
    internal bool Accumulate;
    internal float* Bias;

    /// <summary>op(B) as <see cref="PackedMatrix"/> keeps it for the current instruction set, or null.</summary>
    internal float* Packed;

    /// <summary>op(A)[i, k].</summary>
    internal readonly float* AddressA(nint i, nint k) => TransA ? A + (k * LdA) + i : A + (i * LdA) + k;

    /// <summary>op(B)[k, j].</summary>
    internal readonly float* AddressB(nint k, nint j) => TransB ? B + (j * LdB) + k : B + (k * LdB) + j;
}
