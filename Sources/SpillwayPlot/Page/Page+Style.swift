extension Page {
    /// What the drawings' own style sheet does not say.
    static let style = """
        :root { --ground: #ffffff; --text: #1f2328; --muted: #59636e; --rule: #d1d9e0 }
        @media (prefers-color-scheme: dark) {
          :root { --ground: #0d1117; --text: #f0f6fc; --muted: #9198a1; --rule: #3d444d }
        }
        body {
          max-width: 960px; margin: 32px auto; padding: 0 16px;
          background: var(--ground); color: var(--text); font: 15px/1.45 Helvetica, Arial, sans-serif;
        }
        h1 { font-size: 26px; margin: 0 }
        .subtitle { color: var(--muted); margin: 4px 0 0 }
        .tables { display: grid; grid-template-columns: repeat(auto-fit, minmax(380px, 1fr)); gap: 8px 48px; margin: 20px 0 12px }
        table { border-collapse: collapse; align-self: start; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums }
        caption { text-align: left; font-weight: bold; padding: 6px 0 }
        th, td { text-align: left; vertical-align: top; padding: 4px 16px 4px 0; border-top: 1px solid var(--rule) }
        th { color: var(--muted); font-weight: normal; white-space: nowrap }
        td { overflow-wrap: break-word }
        .numbers tr > :not(.key) { text-align: right; padding-right: 0; padding-left: 16px }
        figure { position: relative; margin: 0; padding: 12px 0; border-top: 1px solid var(--rule) }
        figure:focus-visible { outline: 2px solid var(--muted) }
        figure > svg { display: block; width: 100%; height: auto }
        .cursor { stroke: var(--text); stroke-opacity: .6 }
        .readout {
          position: absolute; top: 84px; pointer-events: none; padding: 6px 10px; border: 1px solid var(--rule);
          border-radius: 6px; background: var(--ground); font-size: 12.5px; white-space: nowrap; opacity: .94;
        }
        .readout table { width: auto; font-size: inherit }
        .readout td { padding: 0 10px 0 0; border: 0 }
        .readout td:last-child { padding: 0; text-align: right }
        .readout i { display: inline-block; width: 9px; height: 9px; border-radius: 2px; margin-right: 6px }
        @media print { figure { break-inside: avoid } }

        """
}
