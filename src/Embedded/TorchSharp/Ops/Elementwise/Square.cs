namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Each element times itself.</summary>
        public Tensor square() => pow(2);
    }

    public static Tensor square(Tensor input) => input.square();
}
