using System.Text.RegularExpressions;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Pipeline.Models;

/// <summary>What an entry of the registry must be.</summary>
internal static partial class ModelRules
{
    /// <summary>Whether a text can name a model.</summary>
    public static bool IsName(string text) => Name().IsMatch(text);

    /// <summary>All that is wrong with an entry.</summary>
    /// <param name="model">The entry.</param>
    /// <param name="file">What problems call the document.</param>
    /// <param name="at">The entry's pointer in it.</param>
    public static IEnumerable<Problem> Check(ModelView model, string file, string at)
    {
        if (!IsName(model.Name))
            yield return new Problem(file, at + "/name", null, null,
                $"expected a name of 1 to 128 letters, digits, \".\", \"_\", \":\" and \"-\", found \"{model.Name}\"");
        string? why = RootNames.IsInternal(model.Folder)
            ? $"\"{RootNames.Internal}\" belongs to the pipeline"
            : BlobName.Refusal(model.Folder);
        if (why is not null) yield return new Problem(file, at + "/folder", null, null,
            $"expected a folder under the storage root, found \"{model.Folder}\": {why}");
        foreach (var (role, text) in ChatTemplate.Roles(model.Template))
        {
            if (text is not null && !text.Contains(ChatTemplate.Content, StringComparison.Ordinal))
                yield return new Problem(file, $"{at}/template/{role}", null, null,
                    $"expected a text with {ChatTemplate.Content}, found \"{text}\"");
        }
        if (model.Sampler is null) yield break;
        foreach (Problem problem in SamplerText.Read(model.Sampler, seed: 1).Problems)
            yield return problem with { File = file, Pointer = at + problem.Pointer, Line = null, Column = null };
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}\z")]
    private static partial Regex Name();
}
