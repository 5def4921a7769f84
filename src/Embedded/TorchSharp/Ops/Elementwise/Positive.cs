using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The tensor itself.</summary>
        public Tensor positive() => type != ScalarType.Bool ? this : throw new ExternalException("The `+` operator, on a bool tensor is not supported.");
    }

    public static Tensor positive(Tensor input) => input.positive();
}
