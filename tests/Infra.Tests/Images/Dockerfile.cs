using System.Text.RegularExpressions;

namespace DiffusionBatch.Infra.Tests.Images;

/// <summary>A Dockerfile's stages, as they are written; variables of <c>FROM</c> lines are put in.</summary>
internal sealed partial class Dockerfile
{
    Dockerfile(IReadOnlyDictionary<string, string> arguments, IReadOnlyList<Stage> stages) => (Arguments, Stages) = (arguments, stages);

    /// <summary>The build's arguments: what was given, else the file's own values.</summary>
    public IReadOnlyDictionary<string, string> Arguments { get; }

    /// <summary>The stages in order; the last is the image.</summary>
    public IReadOnlyList<Stage> Stages { get; }

    /// <summary>Reads Dockerfile.worker.</summary>
    /// <param name="given">Build arguments.</param>
    public static Dockerfile Worker(params (string Name, string Value)[] given) => Read("Dockerfile.worker", given);

    /// <summary>Reads a Dockerfile of the repository.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="given">Build arguments.</param>
    public static Dockerfile Read(string name, params (string Name, string Value)[] given)
    {
        string text = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, name));
        var arguments = new Dictionary<string, string>();
        List<(string Name, string From, List<Instruction> Instructions)> stages = [];
        foreach (string line in Continuation().Replace(Comment().Replace(text, ""), " ")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var instruction = new Instruction(line.Split(' ', 2)[0], line.Split(' ', 2)[1].Trim());
            if (instruction.Name == "FROM")
            {
                string[] words = Substitute(instruction.Text, arguments).Split(' ');
                stages.Add((words is [_, "AS", var stage] ? stage : "", words[0], []));
            }
            else if (stages.Count > 0) stages[^1].Instructions.Add(instruction);
            else
            {
                Assert.Equal("ARG", instruction.Name);
                string[] parts = instruction.Text.Split('=', 2);
                arguments[parts[0]] = given.FirstOrDefault(g => g.Name == parts[0]).Value ?? parts[1];
            }
        }
        return new Dockerfile(arguments, [.. stages.Select(s => new Stage(s.Name, s.From, s.Instructions))]);
    }

    /// <summary>A stage by its name.</summary>
    public Stage this[string name] => Stages.Single(s => s.Name == name);

    /// <summary>What an image inherits and says: the instructions of the stages that the last is made from, the base's first.</summary>
    public IReadOnlyList<Instruction> Image
    {
        get
        {
            List<Instruction> all = [];
            for (Stage? stage = Stages[^1]; stage is not null; stage = Stages.FirstOrDefault(s => s.Name == stage.From))
                all.InsertRange(0, stage.Instructions);
            return all;
        }
    }

    /// <summary>The environment variables of the image.</summary>
    public Dictionary<string, string> Variables => Image.Where(i => i.Name == "ENV")
        .SelectMany(i => i.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(v => v.Split('=', 2))
        .ToDictionary(v => v[0], v => v[1]);

    /// <summary>Puts variables in, written <c>$NAME</c> or <c>${NAME}</c>.</summary>
    public static string Substitute(string text, IReadOnlyDictionary<string, string> variables) =>
        Variable().Replace(text, v => variables.GetValueOrDefault(v.Groups[1].Value) ?? v.Value);

    [GeneratedRegex(@"^\s*#.*\n", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continuation();

    [GeneratedRegex(@"\$\{?(\w+)\}?")]
    private static partial Regex Variable();

    /// <summary>An instruction.</summary>
    /// <param name="Name">As in <c>RUN</c>.</param>
    /// <param name="Text">What follows.</param>
    public sealed record Instruction(string Name, string Text);

    /// <summary>A stage.</summary>
    /// <param name="Name">Its name, or empty.</param>
    /// <param name="From">The image or the stage that it begins with.</param>
    /// <param name="Instructions">Its instructions.</param>
    public sealed record Stage(string Name, string From, IReadOnlyList<Instruction> Instructions);
}
