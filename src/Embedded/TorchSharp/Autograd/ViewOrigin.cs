namespace TorchSharp.Autograd;

/// <summary>How a view was made, which decides whether it may be written to while operations are recorded.</summary>
internal enum ViewOrigin : byte
{
    /// <summary>By a recorded operation that gives one view.</summary>
    Recorded,

    /// <summary>Under no_grad.</summary>
    NoGrad,

    /// <summary>By an operation that gives several views: unbind, split, chunk.</summary>
    Several,
}
