using System.Runtime.CompilerServices;
using DiffusionBatch.Diffusion.Runtime;

namespace DiffusionBatch.Tests;

/// <summary>Tests make tensors before they use anything of the product: libtorch is set up when their assembly is loaded.</summary>
static class TorchSetup
{
    [ModuleInitializer]
    internal static void Initialise() => TorchRuntime.Initialise();
}
