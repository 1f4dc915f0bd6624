# Completion of wechat for bash: /usr/share/bash-completion/completions/wechat
_wechat() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} given
  local options="--help --version --interval --color --verbose --line --retry --follow --poll --search
    --limit --json --quiet --bridge"
  for given in "${COMP_WORDS[@]:1}"; do
    case $given in
      -b | --bridge) options="--help --channel --label --as --state --interval --one-way --dry-run --json --verbose" ;;
    esac
  done
  COMPREPLY=()
  case $before in
    --color)
      mapfile -t COMPREPLY < <(compgen -W "auto always never" -- "$word")
      return
      ;;
    --state)
      mapfile -t COMPREPLY < <(compgen -d -- "$word")
      return
      ;;
    --interval | --retry | --limit | --search | --channel | --label | --as) return ;;
  esac
  if [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
  fi
}
complete -F _wechat wechat
