using System.Text.Json;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Pipeline.Models;

/// <summary>
/// The models that requests can name: those of <c>models.json</c> under the storage root; where there is no such file, each folder right
/// under <c>models/</c> that has a <c>diffusion.json</c>, by the folder's name.
/// </summary>
public sealed class ModelRegistry(IBlobStore store, ICacheIndex index)
{
    /// <summary>The registry's file under the root.</summary>
    public const string FileName = "models.json";

    const string Folder = "models/", Adapted = "/diffusion.json";

    // Writers change a list that each has read.
    const int MaxRaces = 20;

    /// <summary>All models, by name.</summary>
    /// <exception cref="ProblemsException">The registry's file can't be read.</exception>
    public async Task<IReadOnlyList<RegisteredModel>> ListAsync(CancellationToken cancellationToken)
    {
        (ModelListView? registered, BlobEntry? file) = await ReadAsync(cancellationToken);
        if (registered is not null) return [.. registered.Models.Select(m => new RegisteredModel(m, file!.ModifiedAt))
            .OrderBy(m => m.Entry.Name, StringComparer.Ordinal)];
        var found = new List<RegisteredModel>();
        await foreach (BlobEntry blob in store.ListAsync(Folder, cancellationToken))
        {
            if (!blob.Name.EndsWith(Adapted, StringComparison.Ordinal)) continue;
            string folder = blob.Name[..^Adapted.Length], name = folder[Folder.Length..];
            if (ModelRules.IsName(name)) found.Add(new RegisteredModel(new ModelView { Name = name, Folder = folder }, blob.ModifiedAt));
        }
        return [.. found.OrderBy(m => m.Entry.Name, StringComparer.Ordinal)];
    }

    /// <summary>Enters a model, in place of the one of its name.</summary>
    /// <returns>Whether the name is new.</returns>
    /// <exception cref="ProblemsException">Something is wrong with it, or with the registry's file.</exception>
    public async Task<bool> PutAsync(ModelView model, CancellationToken cancellationToken)
    {
        List<Problem> problems = [.. ModelRules.Check(model, "model", "")];
        if (problems.Count == 0 && await new RootContent(store, index).LookAsync(model.Folder, cancellationToken)
            != Manifests.PathContent.Folder)
            problems.Add(new Problem("model", "/folder", null, null, $"the folder {model.Folder} does not exist"));
        if (problems.Count > 0) throw new ProblemsException(problems);
        bool isNew = false;
        await ChangeAsync(
            models =>
            {
                isNew = models.RemoveAll(m => m.Name == model.Name) == 0;
                models.Add(model);
                return true;
            },
            cancellationToken);
        return isNew;
    }

    /// <summary>Strikes a model off the registry; its folder stays. False where the registry has no such model.</summary>
    /// <exception cref="ProblemsException">The registry's file can't be read.</exception>
    public async Task<bool> DeleteAsync(string name, CancellationToken cancellationToken) =>
        await ChangeAsync(models => models.RemoveAll(m => m.Name == name) > 0, cancellationToken);

    async Task<bool> ChangeAsync(Func<List<ModelView>, bool> change, CancellationToken cancellationToken)
    {
        for (int race = 0; race < MaxRaces; race++)
        {
            (ModelListView? registered, BlobEntry? file) = await ReadAsync(cancellationToken);
            List<ModelView> models = [.. registered?.Models ?? []];
            if (!change(models)) return false;
            var now = new ModelListView([.. models.OrderBy(m => m.Name, StringComparer.Ordinal)]);
            BlobWrite write = await store.WriteAsync(
                FileName, JsonSerializer.SerializeToUtf8Bytes(now, ApiJson.Default.ModelListView),
                file is null ? BlobCondition.Absent : BlobCondition.Matches(file.Tag), cancellationToken);
            if (write.Succeeded) return true;
        }
        throw new IOException($"{FileName} is being changed by others all the time; nothing was written.");
    }

    async Task<(ModelListView? Models, BlobEntry? File)> ReadAsync(CancellationToken cancellationToken)
    {
        // The entry first: what is written in between makes a conditional write fail.
        if (await store.FindAsync(FileName, cancellationToken) is not { } file
            || await store.ReadAsync(FileName, cancellationToken) is not { } json)
            return (null, null);
        try
        {
            ModelListView models = JsonSerializer.Deserialize(json, ApiJson.Default.ModelListView) ?? new ModelListView([]);
            List<Problem> problems = [.. (models.Models ?? []).SelectMany((m, i) => ModelRules.Check(m, FileName, $"/models/{i}"))];
            if (models.Models is null)
                problems.Add(new Problem(FileName, "/models", null, null, "the field \"models\" is missing: a list of models"));
            foreach (var twice in (models.Models ?? []).GroupBy(m => m.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
                problems.Add(new Problem(FileName, "/models", null, null, $"two models have the name \"{twice.Key}\""));
            return problems.Count == 0 ? (models, file) : throw new ProblemsException(problems);
        }
        catch (JsonException e)
        {
            throw new ProblemsException(new Problem(FileName, e.Path, (int?)e.LineNumber + 1, null,
                "it isn't {\"models\": [{\"name\", \"folder\", ...}]}: " + e.Message));
        }
    }
}

/// <summary>A model that requests can name.</summary>
/// <param name="Entry">What it is.</param>
/// <param name="CreatedAt">When its folder, or the registry's file, was last written.</param>
public sealed record RegisteredModel(ModelView Entry, DateTimeOffset CreatedAt);
