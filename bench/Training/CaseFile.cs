using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Models;

namespace DiffusionBatch.Bench;

/// <summary>A temporary safetensors file with the weights and the batch that both sides begin with.</summary>
internal sealed class CaseFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bench-").FullName;

    internal CaseFile(ModelCase sizes, XlmRoberta model, ModelBatch batch)
    {
        var writer = new SafeTensorsWriter();
        foreach (var (name, parameter) in model.Named)
            writer.Add(name, SafeTensorType.F32, parameter.shape, parameter.numel(), stream => stream.Write(parameter.bytes));
        writer.Add("ids", batch.Ids, sizes.Rows, sizes.Columns);
        writer.Add("masked", batch.Masked, batch.Masked.Length);
        writer.Add("targets", batch.Targets, batch.Targets.Length);
        writer.Save(Name);
    }

    /// <summary>The file's path.</summary>
    internal string Name => Path.Combine(_folder, "case.safetensors");

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, true);
}
