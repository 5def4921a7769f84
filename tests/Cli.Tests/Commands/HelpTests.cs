using System.CommandLine;
using DiffusionBatch.Cli.Commands;

namespace DiffusionBatch.Cli.Tests.Commands;

public class HelpTests
{
    public static TheoryData<string> Names => [.. All().Select(c => c.Name)];

    // Commands and their own commands, each by the words that start it.
    static IEnumerable<(string Name, Command Command)> All() => CommandLine.Create().Subcommands.SelectMany(c =>
        c.Subcommands.Select(s => ($"{c.Name} {s.Name}", s)).Prepend((c.Name, c)));

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_command_has_a_help_text_with_descriptions_and_examples(string name)
    {
        RootCommand root = CommandLine.Create();
        var command = Assert.IsAssignableFrom<DbatchCommand>(All().Single(c => c.Name == name).Command);
        Assert.All(command.Options.Select(o => o.Description).Concat(command.Arguments.Select(a => a.Description)),
            text => Assert.False(string.IsNullOrEmpty(text)));
        using var output = new StringWriter();
        int code = root.Parse([.. name.Split(' '), "--help"]).Invoke(new InvocationConfiguration { Output = output });
        Assert.Equal(0, code);
        string help = output.ToString();
        Assert.Contains($"dbatch {name}", help, StringComparison.Ordinal);
        Assert.Contains("Examples:", help, StringComparison.Ordinal);
        Assert.Contains(command.Examples, e => e.Contains($"dbatch {name}", StringComparison.Ordinal));
        Assert.All(command.Examples, e => Assert.Contains(e, help, StringComparison.Ordinal));
    }

    [Fact]
    public void The_commands_of_the_contract_are_there() =>
        Assert.Superset(new HashSet<string> { "run", "validate", "corpus", "demo", "test", "inspect", "tokenize", "up", "submit", "status",
            "watch", "cancel", "results", "export", "poison", "schedule", "webhook", "key", "quota", "reindex" },
            CommandLine.Create().Subcommands.Select(c => c.Name).ToHashSet());

    [Fact]
    public void Examples_parse()
    {
        RootCommand root = CommandLine.Create();
        foreach (DbatchCommand command in All().Select(c => c.Command).Cast<DbatchCommand>())
        {
            foreach (string example in command.Examples)
            {
                string line = example[(example.IndexOf("dbatch ", StringComparison.Ordinal) + 7)..].Split('|', '>', '#')[0];
                Assert.Empty(root.Parse(line).Errors);
            }
        }
    }
}
