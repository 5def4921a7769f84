using TorchSharp.Core;
using static TorchSharp.torch;

namespace TorchSharp.Autograd;

/// <summary>
/// What a node saved of a tensor: the memory and the window on it, with the version at that time and where it came from.
/// The tensor that a rule reads is made when it first asks; until then, which is most of a step, there is no object.
/// </summary>
internal struct SavedWindow
{
    readonly long offset;
    readonly long[]? sizes;
    readonly long[]? strides;
    readonly ScalarType type;
    readonly bool constant;
    TensorBuffer? buffer;
    Tensor? opened;
    bool shared;

    /// <summary>Keeps the memory of <paramref name="tensor"/>.</summary>
    public SavedWindow(Tensor tensor, int source, bool constant)
    {
        (offset, sizes, strides, type) = (tensor.offset, tensor.sizes, tensor.strides, tensor.type);
        buffer = tensor.buffer!.Retain();
        (Source, Version, this.constant) = (source, buffer.Version, constant);
    }

    /// <summary>How often the memory had been changed when it was saved.</summary>
    public int Version { get; }

    /// <summary>Where the tensor came from, in the node's terms.</summary>
    public int Source { get; }

    /// <summary>False for the default: nothing was saved here. True also after <see cref="Release"/>.</summary>
    public readonly bool Exists => sizes is not null;

    /// <summary>True once the memory was let go.</summary>
    public readonly bool IsReleased => buffer is null;

    /// <summary>The tensor, outside graph and scopes; the same one until <see cref="Release"/>, which disposes it.</summary>
    /// <param name="share">Whether it may stay in other hands: a user's, or those of a graph that is recorded.</param>
    public Tensor Open(bool share)
    {
        shared |= share;
        if (opened is not null) return opened;
        opened = Tensor.Make(buffer!.Retain(), offset, sizes!, strides!, type, false);
        opened.isConstant = constant;
        return opened;
    }

    /// <summary>Lets go of the memory, once.</summary>
    public void Release()
    {
        if (shared) opened?.Dispose();
        else opened?.Recycle();
        opened = null;
        Interlocked.Exchange(ref buffer, null)?.Release();
    }
}
