using System.Text;
using Spectre.Console;

namespace DiffusionBatch.Cli.Terminal;

/// <summary>
/// Where <c>dbatch</c> writes: data to standard output, progress and messages to standard error. On a terminal both are
/// Spectre consoles with colours (none with <c>NO_COLOR</c>); a pipe or a file gets plain lines.
/// </summary>
internal sealed class Screen
{
    readonly IAnsiConsole _out;
    readonly IAnsiConsole _error;

    Screen()
    {
        if (Console.OutputEncoding is not UTF8Encoding) Console.OutputEncoding = new UTF8Encoding(false);
        _out = Create(Console.Out, Console.IsOutputRedirected);
        _error = Create(Console.Error, Console.IsErrorRedirected);
    }

    /// <summary>The process's screen.</summary>
    public static Screen Current { get; } = new();

    /// <summary>Whether standard output is a terminal.</summary>
    public bool OutIsTerminal { get; } = !Console.IsOutputRedirected && !IsDumb;

    /// <summary>Whether standard error is a terminal, so that a live display may be drawn.</summary>
    public bool ErrorIsTerminal { get; } = !Console.IsErrorRedirected && !IsDumb;

    /// <summary>The console of standard error, for live displays.</summary>
    public IAnsiConsole ErrorConsole => _error;

    /// <summary>Writes a line of data to standard output.</summary>
    public void Data(string line)
    {
        lock (this) Console.Out.WriteLine(line);
    }

    /// <summary>Writes a table of data to standard output: ruled on a terminal, aligned columns elsewhere.</summary>
    public void Data(TextTable table)
    {
        lock (this)
        {
            if (OutIsTerminal) _out.Write(table.ToSpectre());
            else Console.Out.Write(table.ToText());
        }
    }

    /// <summary>Writes a message to standard error; above the live display where there is one.</summary>
    public void Note(string line)
    {
        lock (this)
        {
            if (ErrorIsTerminal) _error.WriteLine(line);
            else Console.Error.WriteLine(line);
        }
    }

    /// <summary>Writes an error message to standard error, in red where colours are to be had.</summary>
    public void Error(string line)
    {
        lock (this)
        {
            if (ErrorIsTerminal) _error.WriteLine(line, new Style(Color.Red));
            else Console.Error.WriteLine(line);
        }
    }

    /// <summary>Brings the cursor back, before the process is ended in the midst of a live display.</summary>
    public void Restore()
    {
        if (ErrorIsTerminal) _error.Cursor.Show();
    }

    static bool IsDumb => Environment.GetEnvironmentVariable("TERM") == "dumb";

    static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        bool plain = redirected || IsDumb;
        return AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = plain || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 }
                ? ColorSystemSupport.NoColors
                : ColorSystemSupport.Detect,
            Interactive = plain ? InteractionSupport.No : InteractionSupport.Detect,
        });
    }
}
