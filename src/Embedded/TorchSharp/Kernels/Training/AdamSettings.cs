namespace TorchSharp.Kernels;

/// <summary>One step's numbers for <see cref="AdamStep"/>.</summary>
/// <remarks>Step counts from 1. Decoupled: AdamW's weight decay (Loshchilov and Hutter 2019) in place of the L2 term of Adam.</remarks>
internal readonly record struct AdamSettings(long Step, double LearningRate, double Beta1, double Beta2, double Epsilon, double WeightDecay, bool Decoupled);
