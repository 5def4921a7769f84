namespace TorchSharp.Random;

/// <summary>A distribution: draw i is a function of the seed and the number alone.</summary>
internal interface IDraw
{
    double Draw(ulong seed, ulong i);
}
