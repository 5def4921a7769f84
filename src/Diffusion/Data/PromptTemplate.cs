using System.Text.RegularExpressions;

namespace DiffusionBatch.Diffusion.Data;

/// <summary>
/// The texts around a pair: a prompt with <c>{source}</c> and a response with <c>{target}</c>. A word of letters and digits
/// in braces is a placeholder; any other brace stands for itself.
/// </summary>
public sealed partial class PromptTemplate
{
    /// <summary>The plain template: the source, then the target.</summary>
    public static PromptTemplate Plain { get; } = new("{source}", "{target}");

    readonly string[] _prompt, _target;

    /// <summary>Parses a template.</summary>
    /// <param name="prompt">The prompt; may hold <c>{source}</c>, any number of times.</param>
    /// <param name="target">The response; may hold <c>{target}</c>, any number of times.</param>
    /// <exception cref="FormatException">A placeholder is unknown; the message names it and those that are known.</exception>
    public PromptTemplate(string prompt, string target)
    {
        Prompt = prompt;
        Target = target;
        _prompt = Split(prompt, "source");
        _target = Split(target, "target");
    }

    /// <summary>The prompt's text with its placeholders.</summary>
    public string Prompt { get; }

    /// <summary>The response's text with its placeholders.</summary>
    public string Target { get; }

    /// <summary>The prompt for a source.</summary>
    public string RenderPrompt(string source) => string.Join(source, _prompt);

    /// <summary>The response for a target.</summary>
    public string RenderTarget(string text) => string.Join(text, _target);

    /// <summary>Prompt and response of a pair.</summary>
    public (string Prompt, string Response) Render(string source, string text) => (RenderPrompt(source), RenderTarget(text));

    [GeneratedRegex(@"\{([A-Za-z][A-Za-z0-9]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();

    static string[] Split(string template, string known)
    {
        ArgumentNullException.ThrowIfNull(template);
        var pieces = new List<string>();
        int at = 0;
        foreach (Match match in Placeholder().Matches(template))
        {
            if (match.Groups[1].Value != known)
                throw new FormatException($"The template has an unknown placeholder {match.Value}; only {{{known}}} is known here.");
            pieces.Add(template[at..match.Index]);
            at = match.Index + match.Length;
        }
        pieces.Add(template[at..]);
        return [.. pieces];
    }
}
