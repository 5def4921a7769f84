namespace TorchSharp.Kernels;

/// <summary>The instruction sets that the kernels are written for; all give the same bits.</summary>
internal enum SimdLevel
{
    /// <summary>Four 128-bit vectors of whatever the platform has, software where it has none.</summary>
    Portable,

    /// <summary>AVX2 with FMA: two 256-bit vectors.</summary>
    Avx2,

    /// <summary>AVX-512 F, DQ, BW and VL: one 512-bit vector.</summary>
    Avx512,
}
