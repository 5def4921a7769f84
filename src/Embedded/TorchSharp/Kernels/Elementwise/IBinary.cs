namespace TorchSharp.Kernels;

/// <summary>y = f(a, b) for each element; f may hold scalars.</summary>
internal interface IBinary
{
    /// <summary>Sixteen elements.</summary>
    T Apply<T>(T a, T b)
        where T : unmanaged, ILanes<T>;
}
