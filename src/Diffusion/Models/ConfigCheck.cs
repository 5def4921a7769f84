using DiffusionBatch.Diffusion.Files;
using Activations = DiffusionBatch.Diffusion.Models.Layers.Activation;

namespace DiffusionBatch.Diffusion.Models;

/// <summary>Checks the fields of a config.json, named by their usual names, and collects what is wrong.</summary>
/// <param name="config">The configuration.</param>
/// <param name="problems">Receives the problems.</param>
sealed class ConfigCheck(ModelConfig config, ICollection<CheckpointProblem> problems)
{
    /// <summary>The configuration.</summary>
    public ModelConfig Config => config;

    /// <summary>Adds that a field, by the family's own name, is missing or can't be used.</summary>
    public void Wrong(string field, string expected)
    {
        string found = config.Text(config.Family.Field(field), raw: true);
        problems.Add(new CheckpointProblem(ModelConfig.FileName, config.Family.Field(field),
            found.Length > 0 ? "the value can't be used" : "the field is missing", expected, found.Length > 0 ? found : null));
    }

    /// <summary>Adds a problem of a field, or of one inside a field.</summary>
    public void Add(string subject, string message, string expected, string found) =>
        problems.Add(new CheckpointProblem(ModelConfig.FileName, subject, message, expected, found));

    /// <summary>Whole numbers of at least 1; what follows from other fields may be absent.</summary>
    public void Positive(params ReadOnlySpan<string> fields)
    {
        foreach (string field in fields)
        {
            bool derived = field is "num_key_value_heads" or "head_dim"
                || field == "intermediate_size" && config.Family is Models.Families.Gpt2Family;
            if (derived && config.Text(config.Family.Field(field), raw: true).Length == 0) continue;
            if (config.Integer(field) < 1) Wrong(field, "a positive integer");
        }
    }

    /// <summary>Numbers from 0 to below 1.</summary>
    public void Share(params ReadOnlySpan<string> fields)
    {
        foreach (string field in fields)
            if (config.Real(field) is not (>= 0 and < 1)) Wrong(field, "a number from 0 to below 1");
    }

    /// <summary>A small positive number.</summary>
    public void Epsilon(string field)
    {
        if (config.Real(field) is not (> 0 and < 1)) Wrong(field, "a small positive number");
    }

    /// <summary>The name of an activation.</summary>
    public void Activation(string field)
    {
        if (!Activations.Names.Contains(config.Activation)) Wrong(field, string.Join(" or ", Activations.Names.Select(n => $"\"{n}\"")));
    }

    /// <summary>True or false.</summary>
    public void Flags(params ReadOnlySpan<string> fields)
    {
        foreach (string field in fields)
            if (config.Text(field, raw: true) is not ("" or "true" or "false")) Wrong(field, "true or false");
    }

    /// <summary>A feature that the network lacks: the field must be absent, or this.</summary>
    public void Absent(string field, string only)
    {
        if (config.Text(field, raw: true) is { Length: > 0 } found && found != $"\"{only}\"") Wrong(field, $"\"{only}\"");
    }

    /// <summary>A feature that the network lacks: absent, null or false.</summary>
    public void Refuse(string field)
    {
        if (config.Text(field, raw: true) is not ("" or "false")) Wrong(field, "false");
    }
}
